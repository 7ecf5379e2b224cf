import type { Actor, RequestContext } from '../../access/actor.ts'
import type { Tx } from '../../platform/db.ts'
import { Forbidden } from '../../platform/web/errors.ts'
import { actorOfSession } from './load-actor.ts'
import { lockActors } from './lock-users.ts'
import { lockSession } from './queries.ts'

/**
 * Who asks, as they are now: an action takes time, and meanwhile they may have been blocked, demoted or signed out, or have
 * started or stopped working as somebody else. Until the action is done their account, session and role stay as they are,
 * and so do the people it concerns. Call it last of all that may wait: what the action changes is locked before. (ASVS 8.3.2)
 */
export async function reauthorize(
  tx: Tx,
  by: RequestContext<Actor>,
  concerns: string[] = [],
): Promise<RequestContext<Actor>> {
  const { id, sessionId, impersonator } = by.actor
  await lockActors(tx, [id, ...(impersonator ? [impersonator.id] : [])], concerns)
  await lockSession(tx, sessionId)
  const now = (await actorOfSession(tx, sessionId))?.actor
  if (!now || (now.mustChangePassword && !by.actor.mustChangePassword)) throw signedOut
  if (
    now.id !== id ||
    now.endedImpersonation ||
    now.impersonator?.impersonationId !== impersonator?.impersonationId
  )
    throw somebodyElse
  if (now.credentialVersion !== by.actor.credentialVersion) throw accountChanged
  return { ...by, actor: now }
}

const somebodyElse = new Forbidden({
  heading: 'You work under another name by now',
  message:
    'Before this could be done, working as somebody else began or ended in this browser. Nothing was changed.',
  advice: 'Look in whose name you work, then do it again.',
})

const accountChanged = new Forbidden({
  heading: 'Your account was changed in the meantime',
  message:
    'Your password, email or role was changed after you sent this and before it was carried out. Nothing else was changed.',
  advice: 'Load the page again, then repeat it.',
})

const signedOut = new Forbidden({
  heading: 'You were signed out meanwhile',
  message: 'Your session ended, or your account was changed, before this could be done. Nothing was changed.',
  advice: 'Sign in again, or ask an Admin.',
})
