import { holds, type Role, type Target } from './actor.ts'
import type { Permission } from './permissions.ts'

/** Looking at somebody gives no power over them, so these ask for the right and the scope alone. */
const looking: readonly Permission[] = ['users.view', 'activity.view', 'activity.export']

/**
 * The one rule of who may do what to whom, asked by every path: the actor holds the permission, the target is within
 * the actor's scope, and, for whatever gives power over an account, the target holds nothing that the actor lacks.
 * Nobody has power over themself here: for one's own account there are one's own pages.
 * (ASVS 8.2.1, 8.2.2, 8.3.1)
 */
export function may(actor: Target, permission: Permission, target: Target): boolean {
  if (!holds(actor, permission) || !reaches(actor, target)) return false
  return looking.includes(permission) || (actor.id !== target.id && holdsAllOf(actor, target.role))
}

function reaches(actor: Target, target: Target): boolean {
  return actor.role.scope === 'company' || (actor.teamId !== null && actor.teamId === target.teamId)
}

/**
 * Whether somebody holds all that a role holds, as far as it reaches: nobody gives a role, or changes one, beyond what
 * they hold themselves. That they may give roles at all is for their permissions to say. (ASVS 8.2.1)
 */
export function holdsAllOf(actor: Target, role: Role): boolean {
  const wider = actor.role.scope === 'team' && role.scope === 'company'
  if (wider && role.permissions.length > 0) return false
  return role.permissions.every((permission) => holds(actor, permission))
}
