import type { By, Person } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../foundation/db.ts'
import { post } from '../foundation/mail/post.ts'
import { renewLink } from '../links/issue.ts'
import { verifyLetter } from './letters.ts'

/**
 * Mails the link with which somebody shows that their address is theirs; pressing it leads on to `leadsTo`. Says whether it
 * is the link of a few minutes ago.
 */
export async function sendVerification(tx: Tx, by: By, to: Person, leadsTo: string): Promise<boolean> {
  const { linkId, again } = await renewLink(tx, { purpose: 'verify', userId: to.id, leadsTo })
  await post(tx, verifyLetter(to, by, linkId, leadsTo))
  record(tx, by, { event: 'email_verification_sent', subject: to })
  return again
}
