import type { By } from '../access/actor.ts'
import { recordAll } from '../activity/record.ts'
import type { Tx } from '../foundation/db.ts'
import { closeActings } from './acting/close.ts'
import { updateSpentSessions, type Whom } from './queries.ts'

/**
 * Changes what people may do, or how long their sessions last. In the same transaction what is over by the limits before
 * the change or after it ends for good, so that changing them back revives nothing. The sessions that the change itself
 * ended are events. (ASVS 7.4.1)
 */
export async function underNewLimits(
  tx: Tx,
  by: By,
  whom: Whom,
  change: () => Promise<unknown>,
): Promise<void> {
  await updateSpentSessions(tx, whom)
  await change()
  const ended = await updateSpentSessions(tx, whom)
  recordAll(
    tx,
    by,
    ended.map(({ count, ...subject }) => ({ event: 'sessions_ended', subject, details: { count } })),
  )
  await closeActings(tx, whom)
}
