import type { WorkerEvents, WorkerUtils } from 'graphile-worker'
import { z } from 'zod'
import { many, sql, type Db } from './db.ts'

/**
 * A worker that is killed leaves its jobs locked for four hours. So each worker pool holds an advisory lock under its
 * own name for as long as its process lives: a job locked by a name for which nobody holds that lock belongs to the dead.
 */
export async function vouchFor(db: Db, events: WorkerEvents): Promise<{ release(): Promise<void> }> {
  const client = await db.pool.connect()
  client.on('error', () => {})
  let vouched: Promise<unknown> = Promise.resolve()
  events.on('pool:create', ({ workerPool }) => {
    vouched = vouched.then(() => client.query('select pg_advisory_lock(hashtext($1))', [workerPool.id]))
  })
  return {
    async release() {
      await vouched.catch(() => {})
      client.release(true) // closing the connection lets go of its locks
    },
  }
}

export async function sweepCrashedWorkers(db: Db, utils: WorkerUtils): Promise<void> {
  const dead = await many(
    db,
    z.object({ locked_by: z.string() }),
    sql`select distinct locked_by from graphile_worker._private_jobs j where locked_by is not null and not exists (
          select from pg_locks l where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
            and ((l.classid::bigint << 32) | l.objid::bigint) = hashtext(j.locked_by)::bigint
            and l.database = (select oid from pg_database where datname = current_database()))`,
  )
  if (dead.length > 0) await utils.forceUnlockWorkers(dead.map((row) => row.locked_by))
}
