import type { RequestContext, EndedImpersonation, Person } from '../../../access/actor.ts'
import { detailsOfReason } from '../../../activity/describe-reason.ts'
import { record } from '../../../activity/record.ts'
import type { Db, Tx } from '../../../platform/db.ts'
import { selectOptionalActor, type SessionsOf } from '../queries.ts'
import { endReason } from './check.ts'
import {
  selectActiveImpersonations,
  selectOptionalImpersonation,
  updateImpersonationEnded,
  updateImpersonationsSessionsEnded,
  type ActiveImpersonation,
} from './queries.ts'

/** Closes the impersonation of a session if it must end. Its session may have ended too, so no later request would. */
export async function closeEndedImpersonation(db: Db, sessionId: string): Promise<void> {
  const impersonation = await selectOptionalImpersonation(db, sessionId)
  if (impersonation) await db.transaction((tx) => closeIfEnded(tx, impersonation))
}

/** Closes every impersonation that must end and that no request has closed. */
export async function closeImpersonations(db: Db): Promise<void> {
  for (const impersonation of await selectActiveImpersonations(db, 'everybody'))
    await db.transaction((tx) => closeIfEnded(tx, impersonation))
}

/** Closes the impersonations that must end, by these people and of them. */
export async function closeImpersonationsOf(tx: Tx, audience: SessionsOf): Promise<void> {
  for (const impersonation of await selectActiveImpersonations(tx, audience))
    await closeIfEnded(tx, impersonation)
}

async function closeIfEnded(tx: Tx, impersonation: ActiveImpersonation): Promise<void> {
  const { id: impersonationId, session_id, target, impersonator } = impersonation
  const reason = endReason((await selectOptionalActor(tx, session_id))?.actor, impersonation)
  if (reason !== undefined)
    await closeImpersonation(tx, asSystem(impersonator), { impersonationId, as: target, reason })
}

/** Ends the impersonations of a user whose sessions all end, at the admin’s next request. */
export const endImpersonationsOf = (tx: Tx, userId: string): Promise<void> =>
  updateImpersonationsSessionsEnded(tx, userId)

/** Closes an impersonation. Of concurrent calls, one ends and records it. */
export async function closeImpersonation(
  tx: Tx,
  by: RequestContext<Person>,
  { impersonationId, as, reason }: EndedImpersonation,
): Promise<void> {
  const ended = await updateImpersonationEnded(tx, impersonationId, reason)
  if (!ended) return
  record(tx, by, {
    event: 'impersonation_ended',
    subject: as,
    details: { minutes: ended.minutes, ...detailsOfReason('impersonation_ended', reason) },
  })
}

/** The context of what ended by itself: the admin is the actor, but no browser did it. */
export const asSystem = (actor: Person): RequestContext<Person> => ({
  actor,
  ip: null,
  userAgent: null,
  requestId: null,
})
