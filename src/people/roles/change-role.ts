import type { Actor, RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { applyNewSessionLimits } from '../../auth/sessions/apply-new-limits.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import type { RoleChoice } from './forms.ts'
import { nameTaken } from './create-role.ts'
import { lockRoles, selectNameTaken, selectOptionalRole, updateRole, type RoleRow } from './queries.ts'
import { assertCanEditRole, builtIn } from './authorize.ts'
import { describeRole } from './permission-labels.ts'

/**
 * Changes a role for everyone who has it, from their next request. `version` is the version that the form was opened
 * with: changes saved by others meanwhile are not overwritten.
 */
export async function changeRole(
  db: Db,
  by: RequestContext<Actor>,
  id: string,
  version: number,
  choice: RoleChoice,
): Promise<Result<RoleRow>> {
  return db.transaction(async (tx) => {
    const role = await loadEditableRole(tx, by, id, choice)
    if (role.version !== version) return invalid({ form: changedMeanwhile(role) })
    if (await selectNameTaken(tx, choice.name, id)) return invalid({ name: nameTaken })
    const [before, after] = [describeRole(role), describeRole(choice)]
    if (before === after && role.name === choice.name) return ok(role)
    await applyNewSessionLimits(tx, by, { roleId: id }, () => updateRole(tx, id, choice))
    const renamed = role.name === choice.name ? {} : { renamed_from: role.name }
    const details = { role: choice.name, role_id: id, before, after, ...renamed }
    record(tx, by, { event: 'permissions_changed', details })
    return ok(role)
  })
}

/** Locks the roles and loads one, if the actor may edit it and make it `becomes`. */
export async function loadEditableRole(
  tx: Tx,
  by: RequestContext<Actor>,
  id: string,
  becomes?: RoleChoice,
): Promise<RoleRow> {
  await lockRoles(tx)
  const { actor } = await reauthorize(tx, by)
  const role = await selectOptionalRole(tx, id)
  if (!role) throw new NotFound()
  if (role.built_in) throw builtIn
  assertCanEditRole(actor, role, ...(becomes ? [becomes] : []))
  return role
}

const changedMeanwhile = (role: RoleRow): string =>
  `Someone else saved this role meanwhile: it is now “${role.name}”, ${describeRole(role)}. Your changes are below. Save again to overwrite it.`
