import type { Actor, By, Person } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../foundation/db.ts'
import { post } from '../foundation/mail/post.ts'
import { renewLink } from '../links/issue.ts'
import { invite } from './invite.ts'
import { invitationLetter } from './letters.ts'

/** Sends somebody another invitation, whoever asked for it: the office, or its receiver, whose link is dead. */
export async function inviteAgain(tx: Tx, by: By<Actor | null>, person: Person): Promise<void> {
  await invite(tx, by, [person])
  note(tx, by, person)
}

/** The same by the office, which may ask twice: says whether it is the link of a few minutes ago. */
export async function resendInvitation(tx: Tx, by: By<Actor>, person: Person): Promise<boolean> {
  const { linkId, again } = await renewLink(tx, { purpose: 'invite', userId: person.id })
  await post(tx, invitationLetter(person, by, linkId))
  note(tx, by, person)
  return again
}

const note = (tx: Tx, by: By, subject: Person): void =>
  record(tx, by, { event: 'email_verification_sent', subject, details: { invitation: true } })
