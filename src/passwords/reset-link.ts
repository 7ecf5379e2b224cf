import type { By, Person } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../foundation/db.ts'
import { post } from '../foundation/mail/post.ts'
import { issueLink } from '../links/issue.ts'
import { resetLink } from './letters.ts'

/** Mails somebody a link with which they choose a new password, whoever asked for it. Only they ever see it. */
export async function sendResetLink(tx: Tx, by: By, to: Person): Promise<void> {
  const linkId = await issueLink(tx, { purpose: 'reset', userId: to.id })
  await post(tx, resetLink(to, by, linkId))
  record(tx, by, { event: 'password_reset_sent', subject: to })
}
