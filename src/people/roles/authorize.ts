import type { Actor, Role } from '../../access/actor.ts'
import { assertCompanyPermission } from '../../access/middleware.ts'
import { hasAllPermissionsOf } from '../../access/can.ts'
import { Forbidden } from '../../platform/web/errors.ts'

type RoleAccess = Pick<Role, 'scope' | 'permissions'>

/** People edit roles only as themselves, and only roles with no more permissions than their own. */
export const canEditRole = (actor: Actor, role: RoleAccess): boolean =>
  !actor.impersonator && hasAllPermissionsOf(actor, { ...actor.role, ...role })

/**
 * Throws if a person creates, changes or deletes a role with more permissions than their own. It checks the role before
 * and after the change, so that no one can raise a role, including their own, above themselves. (ASVS 8.2.1, 8.3.1)
 */
export function assertCanEditRole(actor: Actor, ...roles: RoleAccess[]): void {
  assertCompanyPermission(actor, 'roles.manage')
  if (!roles.every((role) => canEditRole(actor, role))) throw lacksPermissions
}

const lacksPermissions = new Forbidden({
  heading: 'You can’t give permissions you don’t have',
  message: 'This role has, or would have, permissions that yours does not include. Nothing was changed.',
  advice: 'Ask someone who has all of them.',
})

export const builtIn = new Forbidden({
  heading: 'This role is built in',
  message: 'Built-in roles can’t be changed, so that everyone knows what they mean. Nothing was changed.',
  advice: 'Create a role with the permissions you need.',
})
