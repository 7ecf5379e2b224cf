import type { Actor, Role } from '../../access/actor.ts'
import { assertCompanyPermission } from '../../access/middleware.ts'
import { hasAllPermissionsOf } from '../../access/can.ts'
import { Forbidden } from '../../platform/web/errors.ts'

type Powers = Pick<Role, 'scope' | 'permissions'>

/** Roles are set in one's own name alone, and none beyond what one holds. */
export const canEditRole = (actor: Actor, role: Powers): boolean =>
  !actor.impersonator && hasAllPermissionsOf(actor, { ...actor.role, ...role })

/**
 * Refuses whoever would make, change or delete a role beyond what they hold: asked of a role as it was and as it
 * becomes, so that nobody lifts a role, their own included, above themself. (ASVS 8.2.1, 8.3.1)
 */
export function assertCanEditRole(actor: Actor, ...roles: Powers[]): void {
  assertCompanyPermission(actor, 'roles.manage')
  if (!roles.every((role) => canEditRole(actor, role))) throw beyondThem
}

const beyondThem = new Forbidden({
  heading: 'You can’t give what you don’t hold',
  message: 'This role has, or would have, permissions that yours lacks. Nothing was changed.',
  advice: 'Ask somebody who holds all of them.',
})

export const builtIn = new Forbidden({
  heading: 'This role is built in',
  message: 'Built-in roles stay as they are, so that everybody knows what they mean. Nothing was changed.',
  advice: 'Make a role of your own with the permissions you need.',
})
