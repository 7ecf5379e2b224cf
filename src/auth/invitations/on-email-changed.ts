import type { Actor, RequestContext } from '../../access/actor.ts'
import type { Tx } from '../../platform/db.ts'
import { invalidateAllLinks } from '../links/issue-link.ts'
import type { UserRow } from '../../people/queries.ts'
import { sendVerification } from '../verification/send-verification.ts'
import { invite } from './invite.ts'

/**
 * An admin changed a person’s email: invalidates all their links, including disputes of earlier changes, since the
 * office decides. The new address gets the link that verifies it.
 */
export async function onEmailChanged(tx: Tx, by: RequestContext<Actor>, person: UserRow): Promise<void> {
  await invalidateAllLinks(tx, person.id)
  if (person.status === 'invited') await invite(tx, by, [person])
  if (person.status === 'active') await sendVerification(tx, by, person, '/account')
}
