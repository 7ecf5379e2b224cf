import type { Actor, RequestContext, Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { renewLink } from '../links/issue-link.ts'
import { invitationEmail } from './emails.ts'

/** Emails a person their invitation again. Returns whether it is the link of a few minutes ago. */
export async function renewInvitation(
  tx: Tx,
  by: RequestContext<Actor | null>,
  person: Person,
): Promise<boolean> {
  const { linkId, reused } = await renewLink(tx, { purpose: 'invite', userId: person.id })
  await enqueueEmail(tx, invitationEmail(person, by, linkId))
  record(tx, by, { event: 'email_verification_sent', subject: person, details: { invitation: true } })
  return reused
}
