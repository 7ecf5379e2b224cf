import { run, sql, type Db, type Sql, type Tx } from './db.ts'
import { inBatches } from './in-batches.ts'

/**
 * Queues a job in the transaction: it runs after the commit, and never if there is none. Delivery is at least once,
 * so running a job twice must be harmless. `payload` holds ids, never secrets.
 */
export function enqueue(
  tx: Tx,
  job: string,
  payload: Record<string, string | null>,
  { key = null, inSeconds = 0 }: When = {},
): void {
  tx.send(addJob(job, payload, { key, inSeconds }))
}

/** Queues a job that nothing else goes with: one statement is a transaction of its own. */
export async function enqueueAlone(
  db: Db,
  job: string,
  payload: Record<string, string | null>,
): Promise<void> {
  await run(db, addJob(job, payload, { key: null, inSeconds: 0 }))
}

const addJob = (job: string, payload: object, { key, inSeconds }: Required<When>): Sql =>
  sql`select graphile_worker.add_job(${job}, ${JSON.stringify(payload)}::json, max_attempts => 12,
          job_key => ${key}, run_at => now() + make_interval(secs => ${inSeconds}))`.prepared('enqueue')

interface When {
  /** At most one job with the same key waits. */
  key?: string | null
  inSeconds?: number
}

/**
 * Queues jobs of one kind in one statement. Many at once get a lower priority than single ones, for which a person
 * may be waiting.
 */
export async function enqueueMany(
  tx: Tx,
  job: string,
  payloads: Record<string, string | null>[],
): Promise<void> {
  if (payloads.length === 0) return
  const priority = payloads.length > 1 ? 10 : 0
  await run(
    tx,
    sql`select count(*) from graphile_worker.add_jobs(array(
          select (${job}, payload, null, now(), 12, null, ${priority}, null)::graphile_worker.job_spec
          from json_array_elements(${JSON.stringify(payloads)}::json) payload))`,
  )
}

/** Deletes failed jobs after 90 days; graphile-worker itself keeps them for ever. */
export const pruneFailedJobs = (db: Db): Promise<void> =>
  inBatches((most) =>
    run(
      db,
      sql`delete from graphile_worker._private_jobs where id in (
            select id from graphile_worker._private_jobs
            where attempts >= max_attempts and locked_at is null and updated_at < now() - interval '90 days' limit ${most})`,
    ),
  )
