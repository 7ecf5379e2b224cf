import type { Actor, RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db } from '../../platform/db.ts'
import { ok, invalid, type Errors, type Result } from '../../platform/result.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import type { RoleChoice } from './forms.ts'
import { insertRole, lockRoles, selectNameTaken } from './queries.ts'
import { assertCanEditRole } from './authorize.ts'
import { describeRole } from './permission-labels.ts'

export const nameTaken = 'Another role has this name. Choose another name.'

/** Whether a name is taken, to be shown with the other errors of the form. */
export const nameError = async (db: Db, name: string | undefined, except: string | null): Promise<Errors> =>
  name && (await selectNameTaken(db, name, except)) ? { name: nameTaken } : {}

/** Creates a role of the company. Throws if it has more permissions than the actor. */
export async function createRole(
  db: Db,
  by: RequestContext<Actor>,
  choice: RoleChoice,
): Promise<Result<void>> {
  return db.transaction(async (tx) => {
    await lockRoles(tx)
    const { actor } = await reauthorize(tx, by)
    assertCanEditRole(actor, choice)
    if (await selectNameTaken(tx, choice.name, null)) return invalid({ name: nameTaken })
    const roleId = await insertRole(tx, choice)
    const details = { role: choice.name, role_id: roleId, before: null, after: describeRole(choice) }
    record(tx, by, { event: 'permissions_changed', details })
    return ok(undefined)
  })
}
