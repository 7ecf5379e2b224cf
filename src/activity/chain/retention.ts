import type { Actor, RequestContext } from '../../access/actor.ts'
import type { ReauthorizeCompany } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { log } from '../../platform/log.ts'
import { lockRetention, removeOldestMonth, selectRetention, updateRetention } from './queries.ts'
import { record } from '../record.ts'

/** Thirteen months: a year, and the month in which somebody looks at it (AU-11; PCI DSS 10.5.1 asks for twelve). */
export const shortestRetention = 13

/** How many months of the log are kept from now on; null keeps all of it. */
export async function setRetention(
  { db, still }: { db: Db; still: ReauthorizeCompany },
  by: RequestContext<Actor>,
  months: number | null,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockRetention(tx)
    await still(tx, by, 'settings.manage')
    const before = await selectRetention(tx)
    if (before === months) return
    await updateRetention(tx, months)
    const details = { setting: 'activity log retention', before: inWords(before), after: inWords(months) }
    record(tx, by, { event: 'policy_changed', details })
  })
}

const inWords = (months: number | null): string => (months === null ? 'for good' : `${months} months`)

/** The job: one whole month after the other, from the old end; the database writes the entry that tells of each. */
export async function removeOldMonths(db: Db): Promise<void> {
  for (;;) {
    const removed = await removeOldestMonth(db)
    if (removed === 0) return
    log.info({ removed }, 'the oldest month of the activity log was removed')
  }
}
