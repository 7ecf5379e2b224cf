import type { By, Person } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../foundation/db.ts'
import { post } from '../foundation/mail/post.ts'
import { issueLink, renewLink } from '../links/issue.ts'
import { verifyLetter } from './letters.ts'

/** Mails the link with which somebody shows that their address is theirs; pressing it leads on to `leadsTo`. */
export async function sendVerification(tx: Tx, by: By, to: Person, leadsTo: string): Promise<void> {
  await send(tx, by, to, leadsTo, await issueLink(tx, { purpose: 'verify', userId: to.id, leadsTo }))
}

/** The same for who may ask twice, the office or its owner: says whether it is the link of a few minutes ago. */
export async function sendVerificationAgain(
  tx: Tx,
  by: By<Person>,
  to: Person,
  leadsTo: string,
): Promise<boolean> {
  const { linkId, again } = await renewLink(tx, { purpose: 'verify', userId: to.id, leadsTo })
  await send(tx, by, to, leadsTo, linkId)
  return again
}

async function send(tx: Tx, by: By, to: Person, leadsTo: string, linkId: string): Promise<void> {
  await post(tx, verifyLetter(to, by, linkId, leadsTo))
  record(tx, by, { event: 'email_verification_sent', subject: to })
}
