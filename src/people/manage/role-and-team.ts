import type { Actor, Target } from '../../access/actor.ts'
import { hasAllPermissionsOf, can } from '../../access/can.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { selectTeams } from '../queries.ts'
import { selectRoles, type RoleRow } from './queries.ts'

/**
 * What is wrong with putting somebody in this role and team, beside its field. Refuses by throwing who gives rights that
 * they lack, or would put somebody out of their own reach. (ASVS 8.2.1)
 */
export function validateAssignment(actor: Actor, audience: Target): Errors | null {
  const { role, teamId } = audience
  if (!hasAllPermissionsOf(actor, role)) throw beyondOwn(actor, role.name)
  if (role.scope === 'team' && teamId === null) return { teamId: whichTeam(role.name) }
  if (!can(actor, 'users.manage', audience)) throw outOfReach(actor)
  return null
}

export const whichTeam = (role: string) => `The role ${role} reaches one team alone: choose which.`

/**
 * The teams and roles that an actor may put somebody in; a role whose rights they lack is not offered. The one that holds
 * least stands first and is chosen already, so that a slip gives too little, not too much.
 */
export async function assignableRolesAndTeams(db: Queryable, actor: Actor) {
  return {
    teams: await selectTeams(db, actor),
    teamless: actor.role.scope === 'company',
    roles: (await selectRoles(db)).filter((role) => hasAllPermissionsOf(actor, role)).sort(leastFirst),
  }
}

const leastFirst = (one: RoleRow, other: RoleRow) =>
  one.permissions.length - other.permissions.length || (one.kind === 'fieldworker' ? -1 : 0)

const beyondOwn = (actor: Actor, role: string) =>
  new Forbidden({
    heading: `You can’t give the role ${role}`,
    message: `It holds rights that your role, ${actor.role.name}, lacks. Nothing was changed.`,
    advice: 'Ask somebody who holds as much as it does.',
  })

const outOfReach = (actor: Actor) =>
  new Forbidden({
    heading: 'You can’t place somebody there',
    message: `Your role, ${actor.role.name}, reaches ${actor.teamName ? `the team ${actor.teamName} alone` : 'no team yet'}. Nothing was changed.`,
    advice: 'Ask an Admin to do it.',
  })
