import type { RequestContext, Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { renewLink } from '../links/issue-link.ts'
import { emailVerificationEmail } from './emails.ts'

/**
 * Emails the link with which a person verifies their address. Its button leads on to `leadsTo`. Returns whether it
 * is the link of a few minutes ago.
 */
export async function sendVerification(
  tx: Tx,
  by: RequestContext,
  to: Person,
  leadsTo: string,
): Promise<boolean> {
  const { linkId, reused } = await renewLink(tx, { purpose: 'verify', userId: to.id, leadsTo })
  await enqueueEmail(tx, emailVerificationEmail(to, by, linkId, leadsTo))
  record(tx, by, { event: 'email_verification_sent', subject: to })
  return reused
}
