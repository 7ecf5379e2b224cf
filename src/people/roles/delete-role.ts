import type { Actor, RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { loadEditableRole } from './change-role.ts'
import { deleteRole, lockRoleInUse, selectOptionalRole, type RoleRow } from './queries.ts'
import { describeRole } from './permission-labels.ts'

/** Deletes a role that no one has. */
export async function removeRole(db: Db, by: RequestContext<Actor>, id: string): Promise<Result<RoleRow>> {
  return db.transaction(async (tx) => {
    const role = await loadEditableRole(tx, by, id)
    await lockRoleInUse(tx, id)
    const inUse = (await selectOptionalRole(tx, id))?.people ?? 0
    if (inUse > 0) return invalid({ form: roleInUse(inUse) })
    await deleteRole(tx, id)
    const details = { role: role.name, role_id: id, before: describeRole(role), after: null }
    record(tx, by, { event: 'permissions_changed', details })
    return ok(role)
  })
}

const roleInUse = (people: number): string =>
  `${people === 1 ? 'One person has' : `${people} people have`} this role. Give them another role first.`
