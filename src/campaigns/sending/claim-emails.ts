import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import { randomUUID } from 'node:crypto'
import { hasPermission, type Target } from '../../access/actor.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { recordDeliveryUpdates, saveEmails } from '../../platform/email/queue.ts'
import { reactivateLinks, issueLinksNow } from '../../auth/links/issue-link.ts'
import { lockActors } from '../../auth/sessions/lock-users.ts'
import { skipReasonOf, type Recipient } from '../skip-reasons.ts'
import { selectRecipients } from '../starting/queries.ts'
import { finishCampaign, pauseWithReason } from '../finish-campaign.ts'
import {
  lockSending,
  selectDueForUpdate,
  selectNextDue,
  selectOptionalSending,
  updateClaimed,
  updateSkipped,
  updatePaced,
  type Sending,
} from './queries.ts'

const most = 100

/** A letter that is in a job's hands and leaves now. */
export interface Outgoing {
  userId: string
  letterId: string
  to: { id: string; name: string; email: string }
  data: Record<string, unknown>
  path: string
  tries: number
}

export type Claim = { letters: Outgoing[] } | { wait: number } | 'over'

/**
 * Takes letters that may leave now into a job's hands, and judges everybody anew: the office's rights as they are at
 * this moment, and each person as they are. Whoever is excused meanwhile, or chose a password, gets none. (ASVS 8.3.2)
 */
export async function claimEmails(tx: Tx, key: Buffer, campaignId: string, jobId: string): Promise<Claim> {
  const actsFor = await lockSending(tx, campaignId)
  if (actsFor !== undefined) await lockActors(tx, [actsFor])
  const sending = await selectOptionalSending(tx, campaignId)
  if (sending?.status !== 'running') return 'over'
  const actor = actorOf(sending)
  if (!actor) {
    await pauseWithReason(tx, campaignId, `${sending.actor.name} may not run campaigns any more.`)
    return 'over'
  }
  if (sending.held_for > 0) return { wait: sending.held_for }
  const allowed = Math.min(most, Math.floor(sending.allowed))
  if (allowed < 1) return { wait: (1 - sending.allowed) / sending.letters_per_second }
  const due = await selectDueForUpdate(tx, campaignId, allowed)
  if (due.length === 0) return nothingDue(tx, sending)
  const emails = await assign(tx, key, { sending, actor, jobId }, due)
  await updatePaced(tx, campaignId, emails.length)
  return emails.length > 0 ? { letters: emails } : { wait: 0 }
}

/** Whom the campaign acts for, if they may still run one. */
function actorOf({ actor, actor_status, role }: Sending): Target | undefined {
  const { id, name, email, team_id: teamId } = actor
  const target = { id, name, email, teamId, role }
  return actor_status === 'active' && hasPermission(target, 'campaigns.manage') ? target : undefined
}

/** Over for this job when others have the rest in their hands, for the campaign when nothing waits. */
async function nothingDue(tx: Tx, { id }: Sending): Promise<Claim> {
  const { waiting, seconds } = await selectNextDue(tx, id)
  if (waiting === 0) await finishCampaign(tx, id, null)
  return seconds === null ? 'over' : { wait: Math.max(0.05, seconds) }
}

interface Assignment {
  sending: Sending
  actor: Target
  jobId: string
}
type Due = Awaited<ReturnType<typeof selectDueForUpdate>>

async function assign(
  tx: Tx,
  key: Buffer,
  { sending, actor, jobId }: Assignment,
  due: Due,
): Promise<Outgoing[]> {
  const people = await selectRecipients(
    tx,
    due.map(({ user_id }) => user_id),
  )
  const judged = people.map((who) => ({ who, why: skipReasonOf(actor, who) }))
  const excused = judged.flatMap(({ who, why }) => (why ? [{ id: who.id, why }] : []))
  if (excused.length > 0) await updateSkipped(tx, sending.id, excused)
  const getIt = judged.filter(({ why }) => why === null).map(({ who }) => who)
  if (getIt.length === 0) return []

  const before = new Map(due.map((one) => [one.user_id, one]))
  const again = await reactivateLinks(
    tx,
    key,
    due.flatMap(({ link_id }) => link_id ?? []),
  )
  const isFresh = ({ id }: Recipient) => !again.has(before.get(id)?.link_id ?? '')
  await discardInvalid(tx, due, again)
  const fresh = await createEmails(tx, key, sending, actor, getIt.filter(isFresh))
  const emails = getIt.map((who) => {
    const { link_id: linkId, letter_id: letterId, tries = 0 } = before.get(who.id) ?? {}
    const its = fresh.get(who.id) ?? {
      letterId: letterId ?? '',
      linkId: linkId ?? '',
      path: again.get(linkId ?? '') ?? '',
    }
    return { ...its, userId: who.id, to: who, data: dataFor(sending, who, its.linkId), tries: tries + 1 }
  })
  await updateClaimed(tx, sending.id, jobId, emails)
  return emails
}

/** A link that died before its letter could leave takes the letter along: another is written. */
async function discardInvalid(tx: Tx, due: Due, again: Map<string, string>): Promise<void> {
  const dead = due.filter(({ letter_id, link_id }) => letter_id && !again.has(link_id ?? ''))
  const answer = 'Its link was replaced before it could leave'
  const failed = { status: 'failed' as const, answer, bounced: false }
  const news = dead.map(({ letter_id }) => ({ letterId: letter_id ?? '', ...failed }))
  if (news.length > 0) await recordDeliveryUpdates(tx, news)
}

/** A letter and its link for each who has none that could be tried again, and a record that the link went out. */
async function createEmails(tx: Tx, key: Buffer, sending: Sending, actor: Target, people: Recipient[]) {
  if (people.length === 0) return new Map<string, { letterId: string; linkId: string; path: string }>()
  const orders = people.map(({ id, emailVerified }) =>
    emailVerified
      ? { userId: id, purpose: 'campaign' as const, leadsTo: null }
      : { userId: id, purpose: 'verify' as const, leadsTo: 'reset' },
  )
  const links = await issueLinksNow(tx, key, sending.id, orders)
  const emails = people.map((to) => {
    const { id: linkId = '', path = '' } = links.get(to.id) ?? {}
    return {
      id: randomUUID(),
      template: 'canned_response',
      to,
      data: dataFor(sending, to, linkId),
      linkId,
      path,
    }
  })
  await saveEmails(tx, emails)
  const office = { actor, ip: null, userAgent: null, requestId: null }
  const details = { campaign: sending.name, campaign_id: sending.id }
  recordAll(
    tx,
    office,
    people.map((to) => ({
      ...{
        event: to.emailVerified ? 'password_reset_sent' : 'email_verification_sent',
        subject: to,
        details,
      },
    })),
  )
  return new Map(emails.map(({ id, to, linkId, path }) => [to.id, { letterId: id, linkId, path }]))
}

/** An address that is unverified is verified first, by a link that lives longer and leads on. */
const dataFor = ({ subject, body }: Sending, { name, emailVerified }: Recipient, linkId: string) => ({
  ...{ name, subject, body, linkId },
  expiresIn: linkLifetimeText(emailVerified ? 'campaign' : 'verify'),
})
