import type { RequestContext } from '../../access/actor.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { closeImpersonationsOf } from './impersonation/close-impersonation.ts'
import { updateExpiredSessions, type SessionsOf } from './queries.ts'

/**
 * Runs a change of permissions or session limits. In the same transaction it ends sessions that exceed the limits
 * before or after the change, so that reverting the change revives none. Sessions that the change itself ended are
 * recorded. (ASVS 7.4.1)
 */
export async function applyNewSessionLimits(
  tx: Tx,
  by: RequestContext,
  audience: SessionsOf,
  change: () => Promise<unknown>,
): Promise<void> {
  await updateExpiredSessions(tx, audience)
  await change()
  const ended = await updateExpiredSessions(tx, audience)
  recordAll(
    tx,
    by,
    ended.map(({ count, ...subject }) => ({ event: 'sessions_ended', subject, details: { count } })),
  )
  await closeImpersonationsOf(tx, audience)
}
