import type { RequestContext, Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { endImpersonationsOf } from './impersonation/close-impersonation.ts'
import { updateSessionEnded, updateSessionsEnded } from './queries.ts'

/** Ends all sessions of a person, or all but one, and every impersonation of them. Returns how many were active. */
export async function endSessions(
  tx: Tx,
  by: RequestContext,
  of: Person,
  keep: string | null = null,
): Promise<number> {
  const count = await updateSessionsEnded(tx, of.id, keep)
  await endImpersonationsOf(tx, of.id)
  if (count > 0) record(tx, by, { event: 'sessions_ended', subject: of, details: { count } })
  return count
}

/** Ends the session that a person signs out of. Returns false if it had ended already. */
export async function endOwnSession(tx: Tx, by: RequestContext<Person>, sessionId: string): Promise<boolean> {
  const ended = await updateSessionEnded(tx, by.actor.id, sessionId)
  if (ended) record(tx, by, { event: 'sign_out', subject: by.actor })
  return ended
}

/** Ends a session that is no longer trusted. */
export async function endSession(tx: Tx, by: RequestContext<Person>, sessionId: string): Promise<void> {
  await updateSessionEnded(tx, by.actor.id, sessionId)
  record(tx, by, { event: 'sessions_ended', subject: by.actor, details: { count: 1 } })
}

/** Ends another session of one’s own. Returns false if it had ended already or belongs to someone else. */
export async function endDevice(tx: Tx, by: RequestContext<Person>, sessionId: string): Promise<boolean> {
  const ended = await updateSessionEnded(tx, by.actor.id, sessionId)
  if (ended) record(tx, by, { event: 'sessions_ended', subject: by.actor, details: { count: 1 } })
  return ended
}
