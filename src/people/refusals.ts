import type { Actor, Target } from '../access/actor.ts'
import { holds } from '../access/actor.ts'
import { closedTo } from '../access/acting.ts'
import { may, shutInAnothersName } from '../access/may.ts'
import type { Permission } from '../access/permissions.ts'
import { Refused } from '../foundation/web/errors.ts'

/** What somebody may not do, as the heading of the refusal has it: "You can’t …". */
const deeds: Partial<Record<Permission, (whom: string) => string>> = {
  'users.view': () => 'look at this person',
  'users.manage': (whom) => `change ${whose(whom)} account`,
  'passwords.change': (whom) => `change ${whose(whom)} password`,
  'users.impersonate': (whom) => `log in as ${whom}`,
}

const whose = (whom: string) => `${whom}’s`

/** Why an actor may not do this to somebody, in words that tell what to do instead. */
export function beyondReach(actor: Actor, permission: Permission, target: Target): Refused {
  if (shutInAnothersName(actor, permission)) return closedTo(actor)
  const whom = may(actor, 'users.view', target) ? target.name : 'this person'
  const heading = `You can’t ${deeds[permission]?.(whom) ?? 'do this'}`
  if (!holds(actor, permission))
    return new Refused({
      heading,
      message: `Your role, ${actor.role.name}, does not include it. Nothing was changed.`,
    })
  if (actor.id === target.id) return ownAccount
  if (actor.role.scope === 'team' && (actor.teamId === null || actor.teamId !== target.teamId))
    return new Refused({
      heading,
      message: `Your role, ${actor.role.name}, reaches ${actor.teamName ? `the team ${actor.teamName}` : 'no team yet'}, and they are not in it.`,
      advice: 'Ask an Admin to do it, or to move them. Nothing was changed.',
    })
  return new Refused({
    heading,
    message: `They hold rights that your role, ${actor.role.name}, lacks. Nothing was changed.`,
    advice: 'Ask somebody who holds as much as they do.',
  })
}

const ownAccount = new Refused({
  heading: 'This is your own account',
  message: 'Nobody does this to their own account, so that nobody shuts themself out. Nothing was changed.',
  advice: 'Your own password, email and devices are in the menu at your name.',
})

/** Two deeds at once may each see another Owner: then the database keeps the last one, and this says so. */
export function keptOwner(error: unknown): never {
  if ((error as { constraint?: unknown }).constraint === 'keep_an_owner') throw lastOwner
  throw error
}

const lastOwner = new Refused({
  heading: 'This is the last active Owner',
  message: 'There is always at least one, so nothing was changed.',
  advice: 'Make somebody else an Owner first.',
})
