import type { Actor, Role } from '../access/actor.ts'
import { insistOnForAll } from '../access/guard.ts'
import { holdsAllOf } from '../access/may.ts'
import { Refused } from '../foundation/web/errors.ts'

type Powers = Pick<Role, 'scope' | 'permissions'>

/** Roles are set in one's own name alone, and none beyond what one holds. */
export const mayShape = (actor: Actor, role: Powers): boolean =>
  !actor.impersonator && holdsAllOf(actor, { ...actor.role, ...role })

/**
 * Refuses whoever would make, change or delete a role beyond what they hold: asked of a role as it was and as it
 * becomes, so that nobody lifts a role, their own included, above themself. (ASVS 8.2.1, 8.3.1)
 */
export function assertMayShape(actor: Actor, ...roles: Powers[]): void {
  insistOnForAll(actor, 'roles.manage')
  if (!roles.every((role) => mayShape(actor, role))) throw beyondThem
}

const beyondThem = new Refused({
  heading: 'You can’t give what you don’t hold',
  message: 'This role has, or would have, permissions that yours lacks. Nothing was changed.',
  advice: 'Ask somebody who holds all of them.',
})

export const builtIn = new Refused({
  heading: 'This role is built in',
  message: 'Built-in roles stay as they are, so that everybody knows what they mean. Nothing was changed.',
  advice: 'Make a role of your own with the permissions you need.',
})
