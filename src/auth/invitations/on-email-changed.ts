import type { Actor, RequestContext } from '../../access/actor.ts'
import type { Tx } from '../../platform/db.ts'
import { invalidateAllLinks } from '../links/issue-link.ts'
import type { UserRow } from '../../people/queries.ts'
import { sendVerification } from '../verification/send-verification.ts'
import { invite } from './invite.ts'

/**
 * The office moved somebody to another address: whatever was mailed before is dead, objections to earlier changes
 * included, since the office has the last word; the new address gets the link that shows it to be theirs.
 */
export async function onEmailChanged(tx: Tx, by: RequestContext<Actor>, person: UserRow): Promise<void> {
  await invalidateAllLinks(tx, person.id)
  if (person.status === 'invited') await invite(tx, by, [person])
  if (person.status === 'active') await sendVerification(tx, by, person, '/account')
}
