import type { Actor, By, Person } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../foundation/db.ts'
import { invite } from './invite.ts'

/** Sends somebody another invitation, whoever asked for it: the office, or its receiver, whose link is dead. */
export async function inviteAgain(tx: Tx, by: By<Actor | null>, person: Person): Promise<void> {
  await invite(tx, by, [person])
  record(tx, by, { event: 'email_verification_sent', subject: person, details: { invitation: true } })
}
