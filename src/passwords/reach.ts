import type { Actor, By } from '../access/actor.ts'
import { may } from '../access/may.ts'
import type { Tx } from '../foundation/db.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { asTarget, selectOptionalUser, type UserRow } from '../people/queries.ts'
import { stillThere } from '../sessions/still.ts'
import { beyondReach } from './refusals.ts'

/** Locks who asks and whom it concerns, and asks the one rule about both as they are at this moment. */
export async function reachNow(tx: Tx, by: By<Actor>, targetId: string): Promise<UserRow> {
  const { actor } = await stillThere(tx, by, [targetId])
  const user = await selectOptionalUser(tx, targetId)
  if (!user) throw new NotFound()
  if (!may(actor, 'passwords.change', asTarget(user))) throw beyondReach(actor, asTarget(user))
  return user
}
