import type { RequestContext, Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { issueSessionReset, invalidateLaterDisputes, invalidateLinks } from '../links/issue-link.ts'
import { checkLink, checkToken, consumeLink, type LinkCheck } from '../links/check-link.ts'
import type { LinkRow } from '../links/queries.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { passwordPurposes } from '../links/token.ts'
import { sendResetLink } from '../passwords/send-reset-link.ts'
import { invalidatePassword } from '../passwords/queries.ts'
import { refuseCodeByLink } from '../passwords/caller-check/refuse-code.ts'
import { selectOptionalUserForUpdate } from '../../people/queries.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { forgetDevices } from '../sessions/devices/known-device.ts'
import { emailChangedEmail } from './emails.ts'
import { updateEmail, updateEmailVerified } from './queries.ts'

export const confirmable = ['verify', 'email_change', 'not_me', 'not_my_call'] as const

/** The result of confirming a link: whose it was, where it leads, and the reset link that it led to. */
export interface Confirmed {
  userId: string
  /** The flash message. */
  message: { title: string; text: string }
  /** Where it leads: to a page of the person’s account, or null for the sign-in page, after a dispute. */
  leadsTo: string | null
  resetLinkId: string | null
}
export type Confirmation =
  { invalidLink: LinkCheck & { valid: false } } | { invalidLink: null; confirmed: Confirmed }

/** Confirms an emailed link: verifies an address, changes the email of an account, or disputes such a change. */
export async function confirmLink(db: Db, by: RequestContext<null>, token: string): Promise<Confirmation> {
  const check = await checkToken(db, token, confirmable)
  if (!check.valid) return { invalidLink: check }
  const { link } = check
  const confirmed = await db.transaction(async (tx) => {
    const user = await selectOptionalUserForUpdate(tx, link.user_id)
    const consumed = user && (await consumeLink(tx, link.id, link.purpose))
    return (
      consumed &&
      confirmations[link.purpose as (typeof confirmable)[number]](tx, { ...by, actor: user }, consumed)
    )
  })
  if (confirmed) return { invalidLink: null, confirmed }
  const now = await checkLink(db, link.id)
  return { invalidLink: now.valid ? { valid: false, link, reason: 'account_changed' } : now }
}

type Action = (tx: Tx, by: RequestContext<Person>, link: LinkRow) => Promise<Confirmed>

const confirmations: Record<(typeof confirmable)[number], Action> = {
  async verify(tx, by, link) {
    const { id: userId, email } = by.actor
    if (await updateEmailVerified(tx, userId))
      record(tx, by, { event: 'email_verified', subject: by.actor, details: { email } })
    const resetLinkId = link.leads_to === 'reset' ? await issueSessionReset(tx, userId) : null
    const message = { title: 'Your email is confirmed', text: email }
    return { userId, message, resetLinkId, leadsTo: link.leads_to ?? '/account' }
  },

  async email_change(tx, by, link) {
    const email = link.new_email ?? ''
    await changeEmailTo(tx, by, email)
    for (const to of [by.actor, { ...by.actor, email }])
      await enqueueEmail(tx, emailChangedEmail(to, by.actor.email, email))
    const message = {
      title: 'Your email has been changed',
      text: `From now on you sign in with ${writtenAddress(email)}.`,
    }
    return { userId: by.actor.id, message, resetLinkId: null, leadsTo: '/account' }
  },

  async not_me(tx, by, link) {
    const [userId, email] = [by.actor.id, link.email_at_issue]
    await invalidateLinks(tx, userId, ['email_change', 'verify', ...passwordPurposes])
    await invalidateLaterDisputes(tx, userId, link.id)
    if (by.actor.email !== email) await changeEmailTo(tx, by, email)
    await invalidatePassword(tx, userId)
    await forgetDevices(tx, userId)
    const owner = { ...by.actor, email }
    await endSessions(tx, { ...by, actor: owner }, owner)
    const details = { reason: 'email_change_disputed' } as const
    record(tx, { ...by, actor: owner }, { event: 'password_reset_requested', subject: owner, details })
    await sendResetLink(tx, { ...by, actor: owner }, owner)
    const message = {
      title: `Your account keeps ${writtenAddress(email)}`,
      text: 'Every device is signed out. A link to choose a new password is on its way.',
    }
    return { userId, message, resetLinkId: null, leadsTo: null }
  },

  async not_my_call(tx, by, link) {
    await refuseCodeByLink(tx, by, link.id)
    const message = {
      title: 'The code no longer works',
      text: 'Your office sees that you did not phone. Tell nobody the code, and call your office if this happens again.',
    }
    return { userId: by.actor.id, message, resetLinkId: null, leadsTo: '/account/activity' }
  },
}

async function changeEmailTo(tx: Tx, by: RequestContext<Person>, email: string): Promise<void> {
  const changed = await updateEmail(tx, by.actor.id, email).catch((error: { code?: string }) => {
    if (error.code === '23505') throw taken // another account took it at the same moment
    throw error
  })
  if (!changed) throw taken
  const subject = { ...by.actor, email }
  const details = { email_before: by.actor.email, email_after: email }
  record(tx, by, { event: 'user_updated', subject, details })
  record(tx, by, { event: 'email_verified', subject, details: { email } })
}

const taken = new Forbidden({
  heading: 'Another account uses this address',
  message: 'Your account keeps its present address. Nothing was changed.',
  advice: 'Choose another address, or ask your office.',
})
