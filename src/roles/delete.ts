import type { Actor, By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Db } from '../foundation/db.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { shapeable } from './change.ts'
import { deleteRole, lockRoleInUse, selectOptionalRole, type RoleRow } from './queries.ts'
import { roleInWords } from './words.ts'

/** Deletes a role that nobody has. */
export async function removeRole(db: Db, by: By<Actor>, id: string): Promise<Outcome<RoleRow>> {
  return db.transaction(async (tx) => {
    const role = await shapeable(tx, by, id)
    await lockRoleInUse(tx, id)
    const inUse = (await selectOptionalRole(tx, id))?.people ?? 0
    if (inUse > 0) return refused({ form: stillHad(inUse) })
    await deleteRole(tx, id)
    const details = { role: role.name, role_id: id, before: roleInWords(role), after: null }
    record(tx, by, { event: 'permissions_changed', details })
    return done(role)
  })
}

const stillHad = (people: number): string =>
  `${people === 1 ? 'One person has' : `${people} people have`} this role. Give them another one first.`
