import type { RequestContext, Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { renewLink } from '../links/issue-link.ts'
import { passwordResetEmail } from './emails.ts'

/** Emails a person a link to choose a new password. Returns whether it is the link of a few minutes ago. */
export async function sendResetLink(tx: Tx, by: RequestContext, to: Person): Promise<boolean> {
  const { linkId, reused } = await renewLink(tx, { purpose: 'reset', userId: to.id })
  await enqueueEmail(tx, passwordResetEmail(to, by, linkId))
  record(tx, by, { event: 'password_reset_sent', subject: to })
  return reused
}
