import type { Actor, RequestContext } from '../../access/actor.ts'
import type { Tx } from '../../platform/db.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { actorOfSession } from './load-actor.ts'
import { lockActors } from './lock-users.ts'
import { lockSession } from './queries.ts'

/**
 * Reloads the actor under lock. They may have been blocked, demoted or signed out since the request began, or have
 * started or ended an impersonation. Their account, session and role stay locked until the action is done, and so
 * do the people it affects. Call it last of everything that may wait: lock what the action changes before. (ASVS
 * 8.3.2, 7.5.3)
 */
export async function reauthorize(
  tx: Tx,
  by: RequestContext<Actor>,
  affected: string[] = [],
): Promise<RequestContext<Actor>> {
  const { id, sessionId, impersonator } = by.actor
  await lockActors(tx, [id, ...(impersonator ? [impersonator.id] : [])], affected)
  await lockSession(tx, sessionId)
  const now = (await actorOfSession(tx, sessionId))?.actor
  if (!now || (now.mustChangePassword && !by.actor.mustChangePassword)) throw signedOut
  if (
    now.id !== id ||
    now.endedImpersonation ||
    now.impersonator?.impersonationId !== impersonator?.impersonationId
  )
    throw impersonationChanged
  if (now.credentialVersion !== by.actor.credentialVersion) throw accountChanged
  if (by.reauthMinutes !== undefined && now.secondsSinceReauth > by.reauthMinutes * 60)
    throw reauthenticateFirst
  return { ...by, actor: now }
}

const impersonationChanged = new Forbidden({
  heading: 'You’re in another account now',
  message: 'You started or ended an impersonation in this browser before this was done. Nothing was changed.',
  advice: 'Check which account you’re in, then try again.',
})

const reauthenticateFirst = new Forbidden({
  heading: 'Enter your password again',
  message: 'You entered it too long ago by the time this could be done. Nothing was changed.',
  advice: 'Go back, then try again: you are asked for it first.',
})

const accountChanged = new Forbidden({
  heading: 'Your account has changed',
  message: 'Your password, email or role changed before this was done. Nothing else was changed.',
  advice: 'Reload the page, then try again.',
})

const signedOut = new Forbidden({
  heading: 'You were signed out',
  message: 'Your session ended, or your account changed, before this was done. Nothing was changed.',
  advice: 'Sign in again, or ask an Admin.',
})
