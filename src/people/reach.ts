import { z } from 'zod'
import { asTarget, type Actor, type By } from '../access/actor.ts'
import { may } from '../access/may.ts'
import type { Permission } from '../access/permissions.ts'
import type { Queryable, Tx } from '../foundation/db.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { stillThere } from '../sessions/still.ts'
import { selectOptionalUser, type UserRow } from './queries.ts'
import { beyondReach } from './refusals.ts'

/** Whom an address names, if the actor may do this to them; refuses in words who may not. */
export async function reachable(
  db: Queryable,
  actor: Actor,
  permission: Permission,
  id: unknown,
): Promise<UserRow> {
  const sound = z.uuid().safeParse(id)
  const user = sound.success ? await selectOptionalUser(db, sound.data) : undefined
  if (!user) throw new NotFound()
  if (!may(actor, permission, asTarget(user))) throw beyondReach(actor, permission, asTarget(user))
  return user
}

/** Locks who asks and whom it concerns, and asks the one rule about both as they are at this moment. (ASVS 8.3.2) */
export async function reachNow(tx: Tx, by: By<Actor>, permission: Permission, id: string): Promise<UserRow> {
  const { actor } = await stillThere(tx, by, [id])
  return reachable(tx, actor, permission, id)
}
