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
 * A role as it shall be from now on, for everybody who has it, at their next request. `seen` is the version the form was
 * filled from: when somebody saved another since, they are told and nothing is overwritten.
 */
export async function changeRole(
  db: Db,
  by: RequestContext<Actor>,
  id: string,
  seen: number,
  choice: RoleChoice,
): Promise<Result<RoleRow>> {
  return db.transaction(async (tx) => {
    const role = await loadEditableRole(tx, by, id, choice)
    if (role.version !== seen) return invalid({ form: movedOn(role) })
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

/** The role as it is now, if whoever asks may make of it what they want; nothing about it changes until the end. */
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

const movedOn = (role: RoleRow): string =>
  `Somebody else saved this role meanwhile: it is now “${role.name}”, ${describeRole(role)}. Below is what you chose. Save again to put it in its place.`
