import type { Actor, By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Db } from '../foundation/db.ts'
import { done, refused, type Errors, type Outcome } from '../foundation/outcome.ts'
import { stillThere } from '../sessions/still.ts'
import type { RoleChoice } from './forms.ts'
import { insertRole, lockRoles, selectNameTaken } from './queries.ts'
import { assertMayShape } from './reach.ts'
import { roleInWords } from './words.ts'

export const nameTaken = 'There is a role of this name already. Choose another name.'

/** Whether a name is taken, to be told along with what else is wrong. */
export const nameFault = async (db: Db, name: string | undefined, except: string | null): Promise<Errors> =>
  name && (await selectNameTaken(db, name, except)) ? { name: nameTaken } : {}

/** A new role of the company's own; refuses, by throwing, one that holds more than whoever makes it. */
export async function makeRole(db: Db, by: By<Actor>, choice: RoleChoice): Promise<Outcome<void>> {
  return db.transaction(async (tx) => {
    await lockRoles(tx)
    const { actor } = await stillThere(tx, by)
    assertMayShape(actor, choice)
    if (await selectNameTaken(tx, choice.name, null)) return refused({ name: nameTaken })
    const roleId = await insertRole(tx, choice)
    const details = { role: choice.name, role_id: roleId, before: null, after: roleInWords(choice) }
    record(tx, by, { event: 'permissions_changed', details })
    return done(undefined)
  })
}
