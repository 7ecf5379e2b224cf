import { asTarget, type Actor } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import type { Queryable } from '../../platform/db.ts'
import { selectOptionalUserByEmail } from '../queries.ts'

/** The owner of a taken email address, if the actor may see them. */
export async function emailOwner(db: Queryable, actor: Actor, email: string) {
  const owner = await selectOptionalUserByEmail(db, email)
  if (!owner || !can(actor, 'users.view', asTarget(owner))) return null
  return { href: `/fieldworkers/${owner.id}`, label: owner.name }
}
