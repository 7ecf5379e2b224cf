import type { Actor } from '../../access/actor.ts'
import type { Db, Queryable } from '../../platform/db.ts'
import { effectiveActor, endReason } from './impersonation/check.ts'
import { selectOptionalImpersonation } from './impersonation/queries.ts'
import { selectOptionalActor, updateLastSeen, type FoundActor } from './queries.ts'

/** The actor of a session, `own` read at this very request, so that a block or a change of role works immediately. */
export async function loadActor(
  db: Db,
  sessionId: string,
  own: FoundActor | undefined,
  isPoll: boolean,
): Promise<Actor | undefined> {
  const found = own && (await withImpersonation(db, sessionId, own))
  // A request that finds an idle impersonation ended does not revive it, and neither does a concurrent one.
  if (found?.longUnseen && !found.actor.endedImpersonation && !isPoll) await updateLastSeen(db, sessionId)
  return found?.actor
}

/** The person a session belongs to, or during impersonation the impersonated user. */
export async function actorOfSession(db: Queryable, sessionId: string): Promise<FoundActor | undefined> {
  const own = await selectOptionalActor(db, sessionId)
  return own && withImpersonation(db, sessionId, own)
}

async function withImpersonation(db: Queryable, sessionId: string, own: FoundActor): Promise<FoundActor> {
  const impersonation = own.impersonating ? await selectOptionalImpersonation(db, sessionId) : undefined
  if (!impersonation) return own
  const reason = endReason(own.actor, impersonation)
  if (reason === undefined) return { ...own, actor: effectiveActor(own.actor, impersonation) }
  const { id: impersonationId, target } = impersonation
  return {
    ...own,
    actor: { ...own.actor, endedImpersonation: { impersonationId, as: target, reason } },
  }
}
