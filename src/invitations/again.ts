import type { Actor, By, Person } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../foundation/db.ts'
import { post } from '../foundation/mail/post.ts'
import { renewLink } from '../links/issue.ts'
import { invitationLetter } from './letters.ts'

/** Sends somebody their invitation again, whoever asked for it. Says whether it is the link of a few minutes ago. */
export async function inviteAgain(tx: Tx, by: By<Actor | null>, person: Person): Promise<boolean> {
  const { linkId, again } = await renewLink(tx, { purpose: 'invite', userId: person.id })
  await post(tx, invitationLetter(person, by, linkId))
  record(tx, by, { event: 'email_verification_sent', subject: person, details: { invitation: true } })
  return again
}
