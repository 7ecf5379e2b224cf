import { run, sql, type Tx } from './db.ts'

/**
 * Puts a job in the queue as part of the transaction: it runs once the transaction is committed, and never if it is
 * not. Delivery is at least once, so a job must bear being run again. `payload` holds ids, never secrets.
 */
export async function enqueue(tx: Tx, job: string, payload: Record<string, string | null>): Promise<void> {
  await run(
    tx,
    sql`select graphile_worker.add_job(${job}, ${JSON.stringify(payload)}::json, max_attempts => 12)`,
  )
}
