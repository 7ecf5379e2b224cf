import type { Actor } from '../../access/actor.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { selectOptionalUserByEmail } from '../queries.ts'
import { constraintWords } from './constraints.ts'
import { whichTeam } from './role-and-team.ts'
import { selectOptionalTeam, selectRoles } from './queries.ts'

interface Given {
  email?: string | undefined
  teamId?: string | null | undefined
  roleId?: string | undefined
}

/**
 * What the database would refuse of the fields that are right in themselves, to be told along with what is wrong in the
 * others. Advice only: the database says it again.
 */
export async function assignmentErrors(
  db: Queryable,
  actor: Actor,
  given: Given,
  self?: string,
): Promise<Errors> {
  const { email, teamId, roleId } = given
  const holder = email ? await selectOptionalUserByEmail(db, email) : undefined
  const role = roleId ? (await selectRoles(db)).find(({ id }) => id === roleId) : undefined
  return {
    ...(holder && holder.id !== self ? constraintWords.users_email_key : {}),
    ...(role?.scope === 'team' && actor.role.scope === 'company' && !teamId
      ? { teamId: whichTeam(role.name) }
      : {}),
    ...(teamId && !(await selectOptionalTeam(db, teamId)) ? constraintWords.users_team_id_fkey : {}),
    ...(roleId && !role ? constraintWords.users_role_id_fkey : {}),
  }
}
