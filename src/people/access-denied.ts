import type { Actor, Target } from '../access/actor.ts'
import { hasPermission } from '../access/actor.ts'
import { impersonationDenied } from '../access/impersonation-guard.ts'
import { can, blockedWhileImpersonating } from '../access/can.ts'
import type { Permission } from '../access/permissions.ts'
import { Forbidden } from '../platform/web/errors.ts'

/** What somebody may not do, as the heading of the refusal has it: "You can’t …". */
const actions: Partial<Record<Permission, (audience: string) => string>> = {
  'users.view': () => 'look at this person',
  'users.manage': (audience) => `change ${whose(audience)} account`,
  'passwords.change': (audience) => `change ${whose(audience)} password`,
  'users.impersonate': (audience) => `log in as ${audience}`,
}

const whose = (audience: string) => `${audience}’s`

/** Why an actor may not do this to somebody, in words that tell what to do instead. */
export function accessDenied(actor: Actor, permission: Permission, target: Target): Forbidden {
  if (blockedWhileImpersonating(actor, permission)) return impersonationDenied(actor)
  const audience = can(actor, 'users.view', target) ? target.name : 'this person'
  const heading = `You can’t ${actions[permission]?.(audience) ?? 'do this'}`
  if (!hasPermission(actor, permission))
    return new Forbidden({
      heading,
      message: `Your role, ${actor.role.name}, does not include it. Nothing was changed.`,
    })
  if (actor.id === target.id) return ownAccount
  if (actor.role.scope === 'team' && (actor.teamId === null || actor.teamId !== target.teamId))
    return new Forbidden({
      heading,
      message: `Your role, ${actor.role.name}, reaches ${actor.teamName ? `the team ${actor.teamName}` : 'no team yet'}, and they are not in it.`,
      advice: 'Ask an Admin to do it, or to move them. Nothing was changed.',
    })
  return new Forbidden({
    heading,
    message: `They hold rights that your role, ${actor.role.name}, lacks. Nothing was changed.`,
    advice: 'Ask somebody who holds as much as they do.',
  })
}

const ownAccount = new Forbidden({
  heading: 'This is your own account',
  message: 'Nobody does this to their own account, so that nobody shuts themself out. Nothing was changed.',
  advice: 'Your own password, email and devices are in the menu at your name.',
})

/** Two deeds at once may each see another Owner: then the database keeps the last one, and this says so. */
export function toLastOwnerError(error: unknown): never {
  if ((error as { constraint?: unknown }).constraint === 'keep_an_owner') throw lastOwner
  throw error
}

const lastOwner = new Forbidden({
  heading: 'This is the last active Owner',
  message: 'There is always at least one, so nothing was changed.',
  advice: 'Make somebody else an Owner first.',
})
