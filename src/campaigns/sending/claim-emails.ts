import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import { randomUUID } from 'node:crypto'
import { hasPermission, type Target } from '../../access/actor.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { recordReplaced, saveEmails } from '../../platform/email/queue.ts'
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

const batchSize = 100

/** An email that a job has claimed and sends now. */
export interface ClaimedEmail {
  userId: string
  emailId: string
  to: { id: string; name: string; email: string }
  data: Record<string, unknown>
  path: string
  attempts: number
}

export type Claim = { emails: ClaimedEmail[] } | { wait: number } | 'over'

/**
 * Claims emails that may be sent now for a job. It checks the sender's permissions and each recipient again as they are
 * now: people who must be skipped by now, or have chosen a password, get none. (ASVS 8.3.2)
 */
export async function claimEmails(tx: Tx, key: Buffer, campaignId: string, jobId: string): Promise<Claim> {
  const runAs = await lockSending(tx, campaignId)
  if (runAs !== undefined) await lockActors(tx, [runAs])
  const sending = await selectOptionalSending(tx, campaignId)
  if (sending?.status !== 'running') return 'over'
  const actor = actorOf(sending)
  if (!actor) {
    await pauseWithReason(tx, campaignId, { code: 'not_allowed', name: sending.actor.name })
    return 'over'
  }
  if (sending.held_for > 0) return { wait: sending.held_for }
  const allowed = Math.min(batchSize, Math.floor(sending.allowed))
  if (allowed < 1) return { wait: (1 - sending.allowed) / sending.emails_per_second }
  const due = await selectDueForUpdate(tx, campaignId, allowed)
  if (due.length === 0) return nothingDue(tx, sending)
  const emails = await assign(tx, key, { sending, actor, jobId }, due)
  await updatePaced(tx, campaignId, emails.length)
  return emails.length > 0 ? { emails } : { wait: 0 }
}

/** The person the campaign runs as, if they may still run one. */
function actorOf({ actor, actor_status, role }: Sending): Target | undefined {
  const { id, name, email, team_id: teamId } = actor
  const target = { id, name, email, teamId, role }
  return actor_status === 'active' && hasPermission(target, 'campaigns.manage') ? target : undefined
}

/** Ends this job when other jobs have claimed the rest, and the campaign when nothing waits. */
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
): Promise<ClaimedEmail[]> {
  const people = await selectRecipients(
    tx,
    due.map(({ user_id }) => user_id),
  )
  const checked = people.map((recipient) => ({ recipient, reason: skipReasonOf(actor, recipient) }))
  const skipped = checked.flatMap(({ recipient, reason }) => (reason ? [{ id: recipient.id, reason }] : []))
  if (skipped.length > 0) await updateSkipped(tx, sending.id, skipped)
  const recipients = checked.filter(({ reason }) => reason === null).map(({ recipient }) => recipient)
  if (recipients.length === 0) return []

  const earlier = new Map(due.map((one) => [one.user_id, one]))
  const reactivated = await reactivateLinks(
    tx,
    key,
    due.flatMap(({ link_id }) => link_id ?? []),
  )
  const needsEmail = ({ id }: Recipient) => !reactivated.has(earlier.get(id)?.link_id ?? '')
  await discardInvalid(tx, due, reactivated)
  const created = await createEmails(tx, key, sending, actor, recipients.filter(needsEmail))
  const emails = recipients.map((to) => {
    const { link_id: linkId, email_id: emailId, tries = 0 } = earlier.get(to.id) ?? {}
    const email = created.get(to.id) ?? {
      emailId: emailId ?? '',
      linkId: linkId ?? '',
      path: reactivated.get(linkId ?? '') ?? '',
    }
    return { ...email, userId: to.id, to, data: dataFor(sending, to, email.linkId), attempts: tries + 1 }
  })
  await updateClaimed(tx, sending.id, jobId, emails)
  return emails
}

/** Marks emails as failed whose link became invalid before they were sent. New emails replace them. */
async function discardInvalid(tx: Tx, due: Due, reactivated: Map<string, string>): Promise<void> {
  const invalid = due.filter(({ email_id, link_id }) => email_id && !reactivated.has(link_id ?? ''))
  await recordReplaced(
    tx,
    invalid.flatMap(({ email_id }) => email_id ?? []),
  )
}

/** Creates an email and a link for each person who has none to try again, and records that the link is sent. */
async function createEmails(tx: Tx, key: Buffer, sending: Sending, actor: Target, people: Recipient[]) {
  if (people.length === 0) return new Map<string, { emailId: string; linkId: string; path: string }>()
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
  const context = { actor, ip: null, userAgent: null, requestId: null }
  const details = { campaign: sending.name, campaign_id: sending.id }
  recordAll(
    tx,
    context,
    people.map((to) => ({
      event: to.emailVerified ? 'password_reset_sent' : 'email_verification_sent',
      subject: to,
      details,
    })),
  )
  return new Map(emails.map(({ id, to, linkId, path }) => [to.id, { emailId: id, linkId, path }]))
}

/** An unverified address is verified first, by a link that is valid longer and leads to choosing a password. */
const dataFor = ({ subject, body }: Sending, { name, emailVerified }: Recipient, linkId: string) => ({
  name,
  subject,
  body,
  linkId,
  expiresIn: linkLifetimeText(emailVerified ? 'campaign' : 'verify'),
})
