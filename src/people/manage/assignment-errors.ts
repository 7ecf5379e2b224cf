import type { Actor } from '../../access/actor.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { selectOptionalUserByEmail } from '../queries.ts'
import { constraintErrors } from './constraints.ts'
import { teamRequired } from './role-and-team.ts'
import { selectOptionalTeam, selectRoles } from './queries.ts'

interface ValidFields {
  email?: string | undefined
  teamId?: string | null | undefined
  roleId?: string | undefined
}

/**
 * Errors that the database would find in otherwise valid fields, to be shown with the errors of the others. The database
 * checks them again.
 */
export async function assignmentErrors(
  db: Queryable,
  actor: Actor,
  fields: ValidFields,
  self?: string,
): Promise<Errors> {
  const { email, teamId, roleId } = fields
  const owner = email ? await selectOptionalUserByEmail(db, email) : undefined
  const role = roleId ? (await selectRoles(db)).find(({ id }) => id === roleId) : undefined
  return {
    ...(owner && owner.id !== self ? constraintErrors.users_email_key : {}),
    ...(role?.scope === 'team' && actor.role.scope === 'company' && !teamId
      ? { teamId: teamRequired(role.name) }
      : {}),
    ...(teamId && !(await selectOptionalTeam(db, teamId)) ? constraintErrors.users_team_id_fkey : {}),
    ...(roleId && !role ? constraintErrors.users_role_id_fkey : {}),
  }
}
