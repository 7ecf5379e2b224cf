import type { Actor, By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Db, Tx } from '../foundation/db.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { underNewLimits } from '../sessions/new-limits.ts'
import { stillThere } from '../sessions/still.ts'
import type { RoleChoice } from './forms.ts'
import { nameTaken } from './make.ts'
import { lockRoles, selectNameTaken, selectOptionalRole, updateRole, type RoleRow } from './queries.ts'
import { assertMayShape, builtIn } from './reach.ts'
import { roleInWords } from './words.ts'

/**
 * A role as it shall be from now on, for everybody who has it, at their next request. `seen` is the version the form was
 * filled from: when somebody saved another since, they are told and nothing is overwritten.
 */
export async function changeRole(
  db: Db,
  by: By<Actor>,
  id: string,
  seen: number,
  choice: RoleChoice,
): Promise<Outcome<RoleRow>> {
  return db.transaction(async (tx) => {
    const role = await shapeable(tx, by, id, choice)
    if (role.version !== seen) return refused({ form: movedOn(role) })
    if (await selectNameTaken(tx, choice.name, id)) return refused({ name: nameTaken })
    const [before, after] = [roleInWords(role), roleInWords(choice)]
    if (before === after && role.name === choice.name) return done(role)
    await underNewLimits(tx, by, { roleId: id }, () => updateRole(tx, id, choice))
    const renamed = role.name === choice.name ? {} : { renamed_from: role.name }
    const details = { role: choice.name, role_id: id, before, after, ...renamed }
    record(tx, by, { event: 'permissions_changed', details })
    return done(role)
  })
}

/** The role as it is now, if whoever asks may make of it what they want; nothing about it changes until the end. */
export async function shapeable(tx: Tx, by: By<Actor>, id: string, becomes?: RoleChoice): Promise<RoleRow> {
  await lockRoles(tx)
  const { actor } = await stillThere(tx, by)
  const role = await selectOptionalRole(tx, id)
  if (!role) throw new NotFound()
  if (role.built_in) throw builtIn
  assertMayShape(actor, role, ...(becomes ? [becomes] : []))
  return role
}

const movedOn = (role: RoleRow): string =>
  `Somebody else saved this role meanwhile: it is now “${role.name}”, ${roleInWords(role)}. Below is what you chose. Save again to put it in its place.`
