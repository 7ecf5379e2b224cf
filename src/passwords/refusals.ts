import type { Actor, Target } from '../access/actor.ts'
import { holds } from '../access/actor.ts'
import { may } from '../access/may.ts'
import { Refused } from '../foundation/web/errors.ts'

/** Why an actor may not change this person's password, in words that tell what to do instead. */
export function beyondReach(actor: Actor, target: Target): Refused {
  const whose = may(actor, 'users.view', target) ? `${target.name}’s` : 'this person’s'
  const heading = `You can’t change ${whose} password`
  if (actor.id === target.id)
    return new Refused({
      heading: 'This is your own account',
      message: 'Your own password is changed with the old one beside it. Nothing was changed.',
      advice: 'Open the menu at your name and choose “Change my password”.',
    })
  if (!holds(actor, 'passwords.change'))
    return new Refused({
      heading,
      message: `Your role, ${actor.role.name}, does not include it. Nothing was changed.`,
    })
  if (actor.role.scope === 'team' && actor.teamId !== target.teamId)
    return new Refused({
      heading,
      message: `Your role, ${actor.role.name}, reaches ${actor.teamName ?? 'no team yet'}, and they are not in it.`,
      advice: 'Ask an Admin to do it, or to move them. Nothing was changed.',
    })
  return new Refused({
    heading,
    message: `They hold rights that your role, ${actor.role.name}, lacks. Nothing was changed.`,
    advice: 'Ask somebody who holds as much as they do.',
  })
}
