import type { Actor, Target } from '../../access/actor.ts'
import { hasAllPermissionsOf, can } from '../../access/can.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { selectTeams } from '../queries.ts'
import { selectRoles, type RoleRow } from './queries.ts'

/**
 * The errors of giving a person this role and team, by field. Throws if the role has permissions that the actor lacks, or
 * if the person would be outside the actor's scope. (ASVS 8.2.1)
 */
export function validateAssignment(actor: Actor, target: Target): Errors | null {
  const { role, teamId } = target
  if (!hasAllPermissionsOf(actor, role)) throw lacksPermissions(actor, role.name)
  if (role.scope === 'team' && teamId === null) return { teamId: teamRequired(role.name) }
  if (!can(actor, 'users.manage', target)) throw outOfScope(actor)
  return null
}

export const teamRequired = (role: string) => `The role ${role} is for one team: choose which.`

/**
 * The teams and roles that an actor may assign, without roles that have permissions the actor lacks. The role with the
 * fewest permissions comes first as the default, so that a mistake gives too little access, not too much.
 */
export async function assignableRolesAndTeams(db: Queryable, actor: Actor) {
  return {
    teams: await selectTeams(db, actor),
    teamless: actor.role.scope === 'company',
    roles: (await selectRoles(db))
      .filter((role) => hasAllPermissionsOf(actor, role))
      .sort(fewestPermissionsFirst),
  }
}

export type Assignable = Awaited<ReturnType<typeof assignableRolesAndTeams>>

const fewestPermissionsFirst = (one: RoleRow, other: RoleRow) =>
  one.permissions.length - other.permissions.length || (one.kind === 'fieldworker' ? -1 : 0)

const lacksPermissions = (actor: Actor, role: string) =>
  new Forbidden({
    heading: `You can’t give the role ${role}`,
    message: `It has permissions that your role, ${actor.role.name}, does not include. Nothing was changed.`,
    advice: 'Ask someone who has all of them.',
  })

const outOfScope = (actor: Actor) =>
  new Forbidden({
    heading: 'You can’t add people there',
    message: `Your role, ${actor.role.name}, covers ${actor.teamName ? `only the team ${actor.teamName}` : 'no team yet'}. Nothing was changed.`,
    advice: 'Ask an Admin to do it.',
  })
