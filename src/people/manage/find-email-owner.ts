import { asTarget, type Actor } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import type { Queryable } from '../../platform/db.ts'
import { selectOptionalUserByEmail } from '../queries.ts'

/** Whose a taken address is, for an actor who may see them; to anyone else it is only taken. */
export async function emailOwner(db: Queryable, actor: Actor, email: string) {
  const holder = await selectOptionalUserByEmail(db, email)
  if (!holder || !can(actor, 'users.view', asTarget(holder))) return null
  return { href: `/fieldworkers/${holder.id}`, label: holder.name }
}
