import type { Actor, By } from '../access/actor.ts'
import type { Tx } from '../foundation/db.ts'
import { withdrawAllLinks } from '../links/issue.ts'
import type { UserRow } from '../people/queries.ts'
import { sendVerification } from '../verification/send.ts'
import { invite } from './invite.ts'

/**
 * The office moved somebody to another address: whatever was mailed before is dead, objections to earlier changes
 * included, since the office has the last word; the new address gets the link that shows it to be theirs.
 */
export async function welcomeAtNewAddress(tx: Tx, by: By<Actor>, person: UserRow): Promise<void> {
  await withdrawAllLinks(tx, person.id)
  if (person.status === 'invited') await invite(tx, by, [person])
  if (person.status === 'active') await sendVerification(tx, by, person, '/account')
}
