import type { RequestContext } from '../../access/actor.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { closeImpersonationsOf } from './impersonation/close-impersonation.ts'
import { updateExpiredSessions, type SessionsOf } from './queries.ts'

/**
 * Changes what people may do, or how long their sessions last. In the same transaction what is over by the limits before
 * the change or after it ends for good, so that changing them back revives nothing. The sessions that the change itself
 * ended are events. (ASVS 7.4.1)
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
