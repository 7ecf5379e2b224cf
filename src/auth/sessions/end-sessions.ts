import type { RequestContext, Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { endImpersonationsOf } from './impersonation/end-with-sessions.ts'
import { insertReplacedCookie, updateSessionEnded, updateSessionsEnded } from './queries.ts'

/**
 * Ends every session of a person, or all but the one they are working in; gives how many were alive. Whoever works as
 * them is out with that, too.
 */
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

/** Ends the one session somebody signs out of; says whether it was there, or ended meanwhile. */
export async function endOwnSession(tx: Tx, by: RequestContext<Person>, sessionId: string): Promise<boolean> {
  const ended = await updateSessionEnded(tx, by.actor.id, sessionId)
  if (ended) record(tx, by, { event: 'sign_out', subject: by.actor })
  return ended
}

/** The same by another sign-in in the same browser: a sign-out that is under way there ends the new session. */
export async function replaceOwnSession(
  tx: Tx,
  by: RequestContext<Person>,
  sessionId: string,
  after: string,
): Promise<void> {
  await insertReplacedCookie(tx, sessionId, after)
  await endOwnSession(tx, by, sessionId)
}

/** Ends one session that is no longer trusted. */
export async function endSession(tx: Tx, by: RequestContext<Person>, sessionId: string): Promise<void> {
  await updateSessionEnded(tx, by.actor.id, sessionId)
  record(tx, by, { event: 'sessions_ended', subject: by.actor, details: { count: 1 } })
}

/** Ends one device of one's own, seen from another; nothing happens when it has ended already or is somebody else's. */
export async function endDevice(tx: Tx, by: RequestContext<Person>, sessionId: string): Promise<boolean> {
  const ended = await updateSessionEnded(tx, by.actor.id, sessionId)
  if (ended) record(tx, by, { event: 'sessions_ended', subject: by.actor, details: { count: 1 } })
  return ended
}
