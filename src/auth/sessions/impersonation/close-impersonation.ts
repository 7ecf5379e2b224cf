import type { RequestContext, EndedImpersonation, Person } from '../../../access/actor.ts'
import { record } from '../../../activity/record.ts'
import type { Db, Tx } from '../../../platform/db.ts'
import { selectOptionalActor, type SessionsOf } from '../queries.ts'
import { endReason } from './check.ts'
import {
  selectActiveImpersonations,
  selectOptionalImpersonation,
  updateImpersonationEnded,
  type ActiveImpersonation,
} from './queries.ts'

/** Closes what goes on in a session, if it is over: the session may be, too, so that nobody comes back to it. */
export async function closeEndedImpersonation(db: Db, sessionId: string): Promise<void> {
  const acting = await selectOptionalImpersonation(db, sessionId)
  if (acting) await db.transaction((tx) => closeJudged(tx, acting))
}

/** Closes all that is over and that no request came to find so. */
export async function closeImpersonations(db: Db): Promise<void> {
  for (const acting of await selectActiveImpersonations(db, 'everybody'))
    await db.transaction((tx) => closeJudged(tx, acting))
}

/** Closes what is over of all that these people do as others, and that others do as them. */
export async function closeImpersonationsOf(tx: Tx, audience: SessionsOf): Promise<void> {
  for (const acting of await selectActiveImpersonations(tx, audience)) await closeJudged(tx, acting)
}

async function closeJudged(tx: Tx, acting: ActiveImpersonation): Promise<void> {
  const { id: impersonationId, session_id, as, behind } = acting
  const why = endReason((await selectOptionalActor(tx, session_id))?.actor, acting)
  if (why !== undefined) await closeImpersonation(tx, asSystem(behind), { impersonationId, as, reason: why })
}

/** However many see at once that it is over, one of them ends and records it. */
export async function closeImpersonation(
  tx: Tx,
  by: RequestContext<Person>,
  { impersonationId, as, reason: why }: EndedImpersonation,
): Promise<void> {
  const ended = await updateImpersonationEnded(tx, impersonationId, why)
  if (!ended) return
  record(tx, by, {
    event: 'impersonation_ended',
    subject: as,
    details: { minutes: ended.minutes, why },
  })
}

/** It ended by itself: the account is theirs who worked in it, but no browser did it. */
export const asSystem = (actor: Person): RequestContext<Person> => ({
  actor,
  ip: null,
  userAgent: null,
  requestId: null,
})
