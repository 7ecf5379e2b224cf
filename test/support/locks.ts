import { onTestFinished, vi } from 'vitest'
import type { Db } from '../../src/platform/db.ts'
import { sql, type Sql } from '../../src/platform/db.ts'

/** Locks rows until `release`, so that a request that needs them stops at a known point. */
export async function lockRows(db: Db, { text, values }: Sql) {
  const colleague = await db.pool.connect()
  await colleague.query('begin')
  await colleague.query(text, values)
  let released = false
  const release = async () => {
    if (released) return
    released = true
    await colleague.query('commit')
    colleague.release()
  }
  onTestFinished(release)
  return {
    /** Runs a statement in the transaction that holds the lock. */
    query: ({ text, values }: Sql) => colleague.query(text, values),
    release,
  }
}

/** Resolves once this many statements wait for a lock in this database. */
export async function untilWaiting(db: Db, count = 1): Promise<void> {
  const waiting = sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
  await vi.waitFor(
    async () => {
      const { rows } = await db.query(waiting)
      if (rows.length !== count) throw new Error(`${rows.length} statements wait, not ${count}`)
    },
    { timeout: 10_000, interval: 20 },
  )
}
