import type { WorkerEvents, WorkerUtils } from 'graphile-worker'
import type pg from 'pg'
import { z } from 'zod'
import { many, run, sql, type Db } from './db.ts'
import { log } from './log.ts'

/**
 * A killed worker leaves its jobs locked for four hours. So each worker pool holds an advisory lock under its own
 * name while its process lives. A job whose locking pool no longer holds that lock is released. If this process loses
 * the connection with its lock, it takes the lock again before it releases anyone's jobs.
 */
export class CrashedWorkerRecovery {
  readonly #db: Db
  readonly #own = new Set<string>()
  readonly #running = new Set<string>()
  #lockHolder: pg.PoolClient | undefined
  #lockPending: Promise<void> = Promise.resolve()

  constructor(db: Db, events: WorkerEvents) {
    this.#db = db
    events.on('pool:create', ({ workerPool }) => {
      this.#own.add(workerPool.id)
      this.#holdLockNow()
    })
    events.on('job:start', ({ job }) => this.#running.add(job.id))
    events.on('job:complete', ({ job }) => this.#running.delete(job.id))
  }

  async sweep(utils: WorkerUtils): Promise<void> {
    await this.#holdLock()
    const crashed = (await selectCrashedWorkers(this.#db)).filter((id) => !this.#own.has(id))
    if (crashed.length > 0) await utils.forceUnlockWorkers(crashed)
    await unlockEnded(this.#db, [...this.#own], [...this.#running])
  }

  /** Closing the connection releases its locks. */
  async release(): Promise<void> {
    await this.#lockPending
    const client = this.#lockHolder
    this.#lockHolder = undefined
    client?.release(true)
  }

  /** Runs one at a time: two at once would open two connections and lose one. */
  #holdLock(): Promise<void> {
    const next = this.#lockPending.then(() => this.#takeLocks())
    this.#lockPending = next.catch(() => {})
    return next
  }

  #holdLockNow() {
    this.#holdLock().catch((error: unknown) =>
      log.warn({ err: error }, 'the lock of this worker could not be taken'),
    )
  }

  async #takeLocks(): Promise<void> {
    if (!this.#lockHolder) {
      const client = await this.#db.pool.connect()
      this.#lockHolder = client
      client.once('end', () => {
        if (this.#lockHolder !== client) return
        this.#lockHolder = undefined
        client.release(true)
        this.#holdLockNow()
      })
    }
    for (const id of this.#own) await this.#lockHolder?.query(takeLock, [id])
  }
}

const takeLock = `select pg_try_advisory_lock(hashtext($1)) where not exists (
  select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 1
    and ((classid::bigint << 32) | objid::bigint) = hashtext($1)::bigint)`

/** A job that ended here, but whose end could not be stored, would stay locked for four hours. */
async function unlockEnded(db: Db, own: string[], running: string[]) {
  const ended = sql`update graphile_worker._private_jobs set locked_at = null, locked_by = null
    where locked_by = any(${own}::text[]) and locked_at < now() - interval '15 minutes' and id <> all(${running}::bigint[])`
  const count = await run(db, ended)
  if (count > 0) log.warn({ count }, 'jobs whose end could not be stored are run again')
}

async function selectCrashedWorkers(db: Db): Promise<string[]> {
  const rows = await many(
    db,
    z.object({ locked_by: z.string() }),
    sql`select distinct locked_by from graphile_worker._private_jobs j where locked_by is not null and not exists (
          select from pg_locks l where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
            and ((l.classid::bigint << 32) | l.objid::bigint) = hashtext(j.locked_by)::bigint
            and l.database = (select oid from pg_database where datname = current_database()))`,
  )
  return rows.map(({ locked_by }) => locked_by)
}
