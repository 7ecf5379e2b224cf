import type { Actor, RequestContext } from '../../access/actor.ts'
import type { ReauthorizeCompany } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { log } from '../../platform/log.ts'
import { lockRetention, removeOldestMonth, selectRetention, updateRetention } from './queries.ts'
import { record } from '../record.ts'

/** Thirteen months: a year, and a month in which somebody reviews it (AU-11; PCI DSS 10.5.1 requires twelve). */
export const shortestRetention = 13

/** Sets how many months of the log are kept; null keeps all of it. */
export async function setRetention(
  { db, reauthorize }: { db: Db; reauthorize: ReauthorizeCompany },
  by: RequestContext<Actor>,
  months: number | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockRetention(tx)
    await reauthorize(tx, by, 'settings.manage')
    const before = await selectRetention(tx)
    if (before === months) return
    await updateRetention(tx, months)
    const details = {
      setting: 'activity log retention',
      before: retentionText(before),
      after: retentionText(months),
    }
    record(tx, by, { event: 'policy_changed', details })
  })
}

const retentionText = (months: number | null): string => (months === null ? 'for good' : `${months} months`)

/** The job: removes whole months from the old end, one at a time. The database writes the entry that records each. */
export async function removeOldMonths(db: Db): Promise<void> {
  for (;;) {
    const removed = await removeOldestMonth(db)
    if (removed === 0) return
    log.info({ removed }, 'the oldest month of the activity log was removed')
  }
}
