import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, makeWorkerUtils, parseCronItems, run, type WorkerEvents } from 'graphile-worker'
import type { Config } from './config.ts'
import { schedule, tasks } from './jobs.ts'
import { createMailer } from './mailer.ts'
import { Db } from './platform/db.ts'
import { log } from './platform/log.ts'
import { openQueuePool } from './platform/queue-pool.ts'
import { QueueWatch } from './platform/queue-state.ts'
import { CrashedWorkerRecovery } from './platform/recover-crashed-workers.ts'

export interface Worker {
  stop(): Promise<void>
}

const pauseBeforeRestart = 5_000

/**
 * Runs the jobs and their schedule, inside the server or alone; any number of workers may share one database. A
 * worker that stops because its queue could not be written is restarted.
 */
export async function startWorker(
  connectionString: string,
  config: Config,
  watch = new QueueWatch(),
): Promise<Worker> {
  const start = () => startOnce(connectionString, config, watch)
  const stopping = new AbortController()
  let running = await start()
  const supervision = (async () => {
    while (!stopping.signal.aborted) {
      const reason = await running.ended
      if (stopping.signal.aborted) return
      watch.ended(reason)
      await running.stop().catch((error: unknown) => log.warn({ err: error }, 'stopping the worker'))
      running = stopped
      running = await restart(start, stopping.signal)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      const before = running
      await before.stop()
      await supervision
      if (running !== before) await running.stop()
    },
  }
}

/** Retries until it succeeds: the database may be away. */
async function restart(start: () => Promise<Running>, signal: AbortSignal): Promise<Running> {
  for (;;) {
    await sleep(pauseBeforeRestart, undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted) return stopped
    const started = await start().catch((error: unknown) => log.warn({ err: error }, 'starting the worker'))
    if (started) return started
  }
}

interface Running extends Worker {
  /** Resolves with the reason if it stops unexpectedly. */
  ended: Promise<unknown>
}
const stopped: Running = { stop: () => Promise.resolve(), ended: Promise.resolve() }

async function startOnce(connectionString: string, config: Config, watch: QueueWatch): Promise<Running> {
  const db = new Db(connectionString, { max: 6, statement_timeout: 60_000 })
  const queue = openQueuePool(connectionString)
  const mailer = createMailer(db, config)
  const events: WorkerEvents = new EventEmitter()
  const crashes = new CrashedWorkerRecovery(db, events)
  watch.follow(events)
  const runner = await run({
    pgPool: queue.pool,
    events,
    concurrency: 4,
    noHandleSignals: true,
    taskList: tasks(db, mailer),
    parsedCronItems: parseCronItems(schedule),
    logger: new Logger(() => (level, message) => {
      if (level === 'error' || level === 'warning')
        log[level === 'error' ? 'error' : 'warn']({ message }, 'worker')
    }),
  })
  const utils = await makeWorkerUtils({ pgPool: queue.pool })
  const sweeping = setInterval(() => void sweep(), 5_000)
  const sweep = () =>
    crashes
      .sweep(utils)
      .catch((error: unknown) => log.warn({ err: error }, 'jobs of crashed workers could not be released'))
  await sweep()

  return {
    ended: runner.promise.catch((error: unknown) => error),
    async stop() {
      clearInterval(sweeping)
      await runner.stop().catch(() => {}) // it has already stopped
      await utils.release()
      await crashes.release()
      mailer.transport.close()
      await queue.close()
      await db.close()
    },
  }
}
