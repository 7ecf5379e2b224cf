import { z } from 'zod'
import { one, run, sql, type Db, type Sql, type Tx } from '../../src/platform/db.ts'

const Waiting = z.object({ waiting: z.boolean() })

/**
 * Sends a request that needs locks held here, and runs `meanwhile` before it releases them, so that the request
 * continues in a changed world. Returns both results. `meanwhile` may not need what the request holds by then: that
 * would be a deadlock, and is refused as one.
 */
export async function inFlight<Answer, T>(
  db: Db,
  lock: Sql,
  send: () => PromiseLike<Answer>,
  meanwhile: (tx: Tx) => Promise<T>,
): Promise<{ answer: Answer; waited: boolean; meanwhile: T }> {
  let attempts = 0
  const held = await db.transaction(async (tx) => {
    if (attempts++) throw new Error('The request and what happens meanwhile wait for each other')
    await run(tx, lock)
    let answered = false
    const answer = Promise.resolve(send()).finally(() => (answered = true))
    const noted = answer.catch(() => {})
    while (!answered && !(await someoneWaits(tx)));
    const waited = !answered
    return { answer, noted, waited, meanwhile: await meanwhile(tx) }
  })
  return { ...held, answer: await held.answer }
}

async function someoneWaits(tx: Tx): Promise<boolean> {
  const row = await one(
    tx,
    Waiting,
    sql`select exists (select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock') as waiting`,
  )
  return row.waiting
}
