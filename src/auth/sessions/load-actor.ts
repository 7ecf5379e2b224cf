import type { Actor } from '../../access/actor.ts'
import type { Db, Queryable } from '../../platform/db.ts'
import { effectiveActor, endReason } from './impersonation/check.ts'
import { selectOptionalImpersonation } from './impersonation/queries.ts'
import { selectOptionalActor, updateLastSeen } from './queries.ts'

/** The actor of a session, loaded at every request, so that a block or a change of role works immediately. */
export async function loadActor(db: Db, sessionId: string, isPoll = false): Promise<Actor | undefined> {
  const found = await actorOfSession(db, sessionId)
  // A request that finds an idle impersonation ended does not revive it, and neither does a concurrent one.
  if (found?.longUnseen && !found.actor.endedImpersonation && !isPoll) await updateLastSeen(db, sessionId)
  return found?.actor
}

/** The person a session belongs to, or during impersonation the impersonated user. */
export async function actorOfSession(
  db: Queryable,
  sessionId: string,
): Promise<{ actor: Actor; longUnseen: boolean } | undefined> {
  const own = await selectOptionalActor(db, sessionId)
  const impersonation = own?.impersonating ? await selectOptionalImpersonation(db, sessionId) : undefined
  if (!own || !impersonation) return own
  const reason = endReason(own.actor, impersonation)
  if (reason === undefined) return { ...own, actor: effectiveActor(own.actor, impersonation) }
  const { id: impersonationId, target } = impersonation
  return {
    ...own,
    actor: { ...own.actor, endedImpersonation: { impersonationId, as: target, reason } },
  }
}
