import type { By, Person } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { writtenAddress } from '../foundation/email-address.ts'
import type { Db, Tx } from '../foundation/db.ts'
import { post } from '../foundation/mail/post.ts'
import { issueLandedReset, withdrawLaterObjections, withdrawLinks } from '../links/issue.ts'
import { lookAtLink, lookAtToken, type Looked } from '../links/open.ts'
import type { LinkRow } from '../links/queries.ts'
import { spendLink } from '../links/spend.ts'
import { Refused } from '../foundation/web/errors.ts'
import { resetting } from '../links/token.ts'
import { sendResetLink } from '../passwords/reset-link.ts'
import { withdrawPassword } from '../passwords/withdraw.ts'
import { selectOptionalUserForUpdate } from '../people/queries.ts'
import { endSessions } from '../sessions/end.ts'
import { forgetDevices } from '../sessions/devices/known-device.ts'
import { movedLetter } from './letters.ts'
import { updateEmail, updateEmailVerified } from './queries.ts'

export const confirmable = ['verify', 'email_change', 'not_me'] as const

/** What pressing the button did: whose it was, where it leads, and the reset it opened, if it leads to one. */
export interface Confirmed {
  userId: string
  /** What its presser is told. */
  told: { title: string; text: string }
  /** Where it leads: to one's own pages, or, after an objection, to the sign-in page. */
  leadsTo: string | null
  resetLinkId: string | null
}
export type Confirmation = { dead: Looked & { alive: false } } | { dead: null; confirmed: Confirmed }

/** Presses the button of a mailed link: verifies an address, moves an account to a new one, or objects to that. */
export async function confirmLink(db: Db, by: By<null>, token: string): Promise<Confirmation> {
  const looked = await lookAtToken(db, token, confirmable)
  if (!looked.alive) return { dead: looked }
  const { link } = looked
  const confirmed = await db.transaction(async (tx) => {
    const user = await selectOptionalUserForUpdate(tx, link.user_id)
    const spent = user && (await spendLink(tx, link.id, link.purpose))
    return spent && deeds[link.purpose as (typeof confirmable)[number]](tx, { ...by, actor: user }, spent)
  })
  if (confirmed) return { dead: null, confirmed }
  const now = await lookAtLink(db, link.id)
  return { dead: now.alive ? { alive: false, link, why: 'account changed' } : now }
}

type Deed = (tx: Tx, by: By<Person>, link: LinkRow) => Promise<Confirmed>

const deeds: Record<(typeof confirmable)[number], Deed> = {
  async verify(tx, by, link) {
    const { id: userId, email } = by.actor
    if (await updateEmailVerified(tx, userId))
      record(tx, by, { event: 'email_verified', subject: by.actor, details: { email } })
    const resetLinkId = link.leads_to === 'reset' ? await issueLandedReset(tx, userId) : null
    const told = { title: 'Your email is confirmed', text: email }
    return { userId, told, resetLinkId, leadsTo: link.leads_to ?? '/account' }
  },

  async email_change(tx, by, link) {
    const email = link.new_email ?? ''
    await moveTo(tx, by, email)
    for (const to of [by.actor, { ...by.actor, email }])
      await post(tx, movedLetter(to, by.actor.email, email))
    const told = {
      title: 'Your email is changed',
      text: `From now on you sign in with ${writtenAddress(email)}.`,
    }
    return { userId: by.actor.id, told, resetLinkId: null, leadsTo: '/account' }
  },

  async not_me(tx, by, link) {
    const [userId, email] = [by.actor.id, link.email_at_issue]
    await withdrawLinks(tx, userId, ['email_change', 'verify', ...resetting])
    await withdrawLaterObjections(tx, userId, link.id)
    if (by.actor.email !== email) await moveTo(tx, by, email)
    await withdrawPassword(tx, userId)
    await forgetDevices(tx, userId)
    const owner = { ...by.actor, email }
    await endSessions(tx, { ...by, actor: owner }, owner)
    const details = { reason: 'Its owner objected to a change of email' }
    record(tx, { ...by, actor: owner }, { event: 'password_reset_requested', subject: owner, details })
    await sendResetLink(tx, { ...by, actor: owner }, owner)
    const told = {
      title: `Your account keeps ${writtenAddress(email)}`,
      text: 'Every device is signed out. A link to choose a new password is on its way.',
    }
    return { userId, told, resetLinkId: null, leadsTo: null }
  },
}

async function moveTo(tx: Tx, by: By<Person>, email: string): Promise<void> {
  const moved = await updateEmail(tx, by.actor.id, email).catch((error: { code?: string }) => {
    if (error.code === '23505') throw taken // somebody took it at the very same moment
    throw error
  })
  if (!moved) throw taken
  const subject = { ...by.actor, email }
  const details = { email_before: by.actor.email, email_after: email }
  record(tx, by, { event: 'user_updated', subject, details })
  record(tx, by, { event: 'email_verified', subject, details: { email } })
}

const taken = new Refused({
  heading: 'That address belongs to another account by now',
  message: 'Your account keeps the address it has. Nothing was changed.',
  advice: 'Choose another address, or ask your office.',
})
