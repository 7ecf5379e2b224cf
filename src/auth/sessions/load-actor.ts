import type { Actor } from '../../access/actor.ts'
import type { Db, Queryable } from '../../platform/db.ts'
import { effectiveActor, endReason } from './impersonation/check.ts'
import { selectOptionalImpersonation } from './impersonation/queries.ts'
import { selectOptionalActor, updateLastSeen } from './queries.ts'

/** Who is behind a session, asked anew at every request, so that a block or a change of role works at once. */
export async function loadActor(db: Db, sessionId: string, isPoll = false): Promise<Actor | undefined> {
  const found = await actorOfSession(db, sessionId)
  // Work as somebody else that idled away is not woken by the request that finds it so, nor by one beside it.
  if (found?.longUnseen && !found.actor.endedImpersonation && !isPoll) await updateLastSeen(db, sessionId)
  return found?.actor
}

/** The person a session belongs to, or, while they work as somebody else, that one. */
export async function actorOfSession(
  db: Queryable,
  sessionId: string,
): Promise<{ actor: Actor; longUnseen: boolean } | undefined> {
  const own = await selectOptionalActor(db, sessionId)
  const acting = own?.acting ? await selectOptionalImpersonation(db, sessionId) : undefined
  if (!own || !acting) return own
  const why = endReason(own.actor, acting)
  if (why === undefined) return { ...own, actor: effectiveActor(own.actor, acting) }
  return {
    ...own,
    actor: { ...own.actor, endedImpersonation: { impersonationId: acting.id, as: acting.as, reason: why } },
  }
}
