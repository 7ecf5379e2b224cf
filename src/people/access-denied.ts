import type { Actor, Target } from '../access/actor.ts'
import { hasPermission } from '../access/actor.ts'
import { impersonationDenied } from '../access/impersonation-guard.ts'
import { can, blockedWhileImpersonating } from '../access/can.ts'
import type { Permission } from '../access/permissions.ts'
import { Forbidden } from '../platform/web/errors.ts'

/** The heading after "You can’t …". */
const actions: Partial<Record<Permission, (name: string) => string>> = {
  'users.view': () => 'see this person',
  'users.manage': (name) => `change ${name}’s account`,
  'passwords.change': (name) => `change ${name}’s password`,
  'users.impersonate': (name) => `log in as ${name}`,
}

/** The error for an actor who may not do this to a person. It says why, and what to do instead. */
export function accessDenied(actor: Actor, permission: Permission, target: Target): Forbidden {
  if (blockedWhileImpersonating(actor, permission)) return impersonationDenied(actor)
  const name = can(actor, 'users.view', target) ? target.name : 'this person'
  const heading = `You can’t ${actions[permission]?.(name) ?? 'do this'}`
  if (!hasPermission(actor, permission))
    return new Forbidden({
      heading,
      message: `Your role, ${actor.role.name}, does not include it. Nothing was changed.`,
    })
  if (actor.id === target.id) return ownAccount
  if (actor.role.scope === 'team' && (actor.teamId === null || actor.teamId !== target.teamId))
    return new Forbidden({
      heading,
      message: `Your role, ${actor.role.name}, covers ${actor.teamName ? `the team ${actor.teamName}` : 'no team yet'}, and they are not in it.`,
      advice: 'Ask an Admin to do it, or to move them. Nothing was changed.',
    })
  return new Forbidden({
    heading,
    message: `They have permissions that your role, ${actor.role.name}, does not include. Nothing was changed.`,
    advice: 'Ask someone who has at least the same permissions.',
  })
}

const ownAccount = new Forbidden({
  heading: 'This is your own account',
  message: 'You can’t do this to your own account, so that you don’t lose access. Nothing was changed.',
  advice: 'Your own password, email and devices are in the menu under your name.',
})

/** Two actions at once may each see another Owner. The database then keeps the last one, and this is the error. */
export function toLastOwnerError(error: unknown): never {
  if ((error as { constraint?: unknown }).constraint === 'keep_an_owner') throw lastOwner
  throw error
}

const lastOwner = new Forbidden({
  heading: 'This is the last active Owner',
  message: 'There is always at least one, so nothing was changed.',
  advice: 'Make another person an Owner first.',
})
