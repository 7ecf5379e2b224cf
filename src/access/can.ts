import { hasPermission, type Actor, type Role, type Target } from './actor.ts'
import { permissionKinds, type Permission } from './permissions.ts'

/**
 * The one rule of who may do what to which person. Every path asks it:
 * - the actor has the permission;
 * - the target is within the actor’s scope;
 * - for anything but reading, the target has no permission that the actor lacks;
 * - for anything but reading, the target is somebody else: people change their own account on their own pages.
 * (ASVS 8.2.1, 8.2.2, 8.3.1)
 */
export function can(actor: CanActor, permission: Permission, target: Target): boolean {
  if (blockedWhileImpersonating(actor, permission)) return false
  if (!hasPermission(actor, permission) || !inScope(actor, target)) return false
  return (
    permissionKinds[permission] === 'reading' ||
    (actor.id !== target.id && hasAllPermissionsOf(actor, target.role))
  )
}

export const blockedWhileImpersonating = ({ impersonator }: CanActor, permission: Permission): boolean =>
  Boolean(impersonator) && permissionKinds[permission] === 'credentials'

type CanActor = Target & Partial<Pick<Actor, 'impersonator'>>

function inScope(actor: Target, target: Target): boolean {
  return actor.role.scope === 'company' || (actor.teamId !== null && actor.teamId === target.teamId)
}

/**
 * Whether an actor has all permissions of a role, in at least its scope. Nobody may assign or edit a role with more
 * access than their own. The permission to assign roles is checked separately. (ASVS 8.2.1)
 */
export function hasAllPermissionsOf(actor: Target, role: Role): boolean {
  const wider = actor.role.scope === 'team' && role.scope === 'company'
  if (wider && role.permissions.length > 0) return false
  return role.permissions.every((permission) => hasPermission(actor, permission))
}

/**
 * The role during impersonation: permissions that both people have, in the narrower scope, under the name of the
 * impersonated person’s role. A team scope is the impersonated person’s team: `can` checks at every request that
 * the admin is in it too. (ASVS 8.3.3)
 */
export function intersectRoles(impersonator: Target, target: Target): Role {
  const scope = impersonator.role.scope === 'team' ? 'team' : target.role.scope
  const permissions = target.role.permissions.filter((each) => hasPermission(impersonator, each))
  return { ...target.role, scope, permissions }
}
