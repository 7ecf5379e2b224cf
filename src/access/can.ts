import { hasPermission, type Actor, type Role, type Target } from './actor.ts'
import type { Permission } from './permissions.ts'

/** Looking at somebody gives no power over them, so these ask for the right and the scope alone. */
const readPermissions: readonly Permission[] = ['users.view', 'activity.view', 'activity.export']

/** Power over how people get in; nobody has it in another's name. */
const credentialPermissions: readonly Permission[] = ['passwords.change', 'users.impersonate']

/**
 * The one rule of who may do what to whom, asked by every path: the actor holds the permission, the target is within
 * the actor's scope, and, for whatever gives power over an account, the target holds nothing that the actor lacks.
 * Nobody has power over themself here: for one's own account there are one's own pages.
 * (ASVS 8.2.1, 8.2.2, 8.3.1)
 */
export function can(actor: Asker, permission: Permission, target: Target): boolean {
  if (blockedWhileImpersonating(actor, permission)) return false
  if (!hasPermission(actor, permission) || !inScope(actor, target)) return false
  return (
    readPermissions.includes(permission) ||
    (actor.id !== target.id && hasAllPermissionsOf(actor, target.role))
  )
}

export const blockedWhileImpersonating = ({ impersonator }: Asker, permission: Permission): boolean =>
  Boolean(impersonator) && credentialPermissions.includes(permission)

type Asker = Target & Partial<Pick<Actor, 'impersonator'>>

function inScope(actor: Target, target: Target): boolean {
  return actor.role.scope === 'company' || (actor.teamId !== null && actor.teamId === target.teamId)
}

/**
 * Whether somebody holds all that a role holds, as far as it reaches: nobody gives a role, or changes one, beyond what
 * they hold themselves. That they may give roles at all is for their permissions to say. (ASVS 8.2.1)
 */
export function hasAllPermissionsOf(actor: Target, role: Role): boolean {
  const wider = actor.role.scope === 'team' && role.scope === 'company'
  if (wider && role.permissions.length > 0) return false
  return role.permissions.every((permission) => hasPermission(actor, permission))
}

/**
 * What somebody may do who works as another: what both of them may, as far as both reach, by the name of the other's
 * role. Where either reaches a team it is the other's own: `may` asks at every request that they are in it. (ASVS 8.3.3)
 */
export function intersectRoles(behind: Target, as: Target): Role {
  const scope = behind.role.scope === 'team' ? 'team' : as.role.scope
  return { ...as.role, scope, permissions: as.role.permissions.filter((each) => hasPermission(behind, each)) }
}
