import type { By, Person } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../foundation/db.ts'
import { post } from '../foundation/mail/post.ts'
import { renewLink } from '../links/issue.ts'
import { resetLink } from './letters.ts'

/**
 * Mails somebody a link with which they choose a new password, whoever asked for it. Only they ever see it. Says whether
 * it is the link of a few minutes ago.
 */
export async function sendResetLink(tx: Tx, by: By, to: Person): Promise<boolean> {
  const { linkId, again } = await renewLink(tx, { purpose: 'reset', userId: to.id })
  await post(tx, resetLink(to, by, linkId))
  record(tx, by, { event: 'password_reset_sent', subject: to })
  return again
}
