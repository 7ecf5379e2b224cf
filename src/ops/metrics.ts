import type { Request, RequestHandler } from 'express'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Db } from '../platform/db.ts'
import { unhandledFaults } from '../platform/last-resort.ts'
import type { QueueState } from '../platform/queue-state.ts'
import { selectState, type AppState } from './queries.ts'

/**
 * The metrics of one process, and those of the whole app, read from the database when Prometheus asks. No label holds a
 * person, an address or an id.
 */
export function metricsOf(db: Db, queue?: () => QueueState): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  registry.registerMetric(connectionGauge(db))
  registry.registerMetric(unhandledFaultCounter())
  for (const metric of stateGauges(db)) registry.registerMetric(metric)
  if (queue) for (const metric of queueMetrics(queue)) registry.registerMetric(metric)
  return registry
}

/** Measures every request by the pattern of its route: `/users/:id/password`, without the id. */
export function measuring(registry: Registry): RequestHandler {
  const seconds = new Histogram({
    name: 'fieldkey_request_seconds',
    help: 'Seconds that a request took',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  return (req, res, next) => {
    const end = seconds.startTimer()
    res.on('finish', () => end({ method: methodOf(req), route: routeOf(req), status: res.statusCode }))
    next()
  }
}

/** An unknown path or method shares one label value: strangers must not add labels. */
const routeOf = ({ route }: Request): string => {
  const { path } = (route ?? {}) as { path?: unknown }
  return typeof path === 'string' ? path : 'none'
}
const methodOf = ({ method }: Request): string => (/^(GET|HEAD|POST)$/.test(method) ? method : 'other')

const connectionGauge = ({ pool }: Db) =>
  new Gauge({
    name: 'fieldkey_database_connections',
    help: 'Connections to the database by state; waiting: requests that wait for a connection',
    labelNames: ['state'],
    registers: [],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'waiting' }, pool.waitingCount)
    },
  })

/** One process does the jobs for all that answer, so each reports the same values. */
const queueMetrics = (queue: () => QueueState) => [
  new Gauge({
    name: 'fieldkey_job_queue_up',
    help: '1 while jobs are fetched from the queue, 0 while they are not',
    aggregator: 'max',
    registers: [],
    collect() {
      this.set(queue().trouble === null ? 1 : 0)
    },
  }),
  new Counter({
    name: 'fieldkey_job_fetch_failures_total',
    help: 'Failed attempts to fetch a job since the worker started',
    aggregator: 'max',
    registers: [],
    collect() {
      this.reset()
      this.inc(queue().failedFetches)
    },
  }),
]

const unhandledFaultCounter = () =>
  new Counter({
    name: 'fieldkey_unhandled_faults_total',
    help: 'Faults that no code handled: mistakes in the program, each with a line in the log',
    registers: [],
    collect() {
      this.reset()
      this.inc(unhandledFaults)
    },
  })

const stateHelp: Record<keyof AppState, string> = {
  jobs_due: 'Jobs whose time has come',
  jobs_failed: 'Jobs that failed after their last attempt',
  emails_queued: 'Emails of the last 24 hours that are still queued',
  emails_sent: 'Emails of the last 24 hours that the mail server accepted',
  emails_failed: 'Emails of the last 24 hours that failed',
  log_check_timestamp_seconds: 'Time of the last check of the activity log, in seconds since 1970',
  log_check_faulty: '1 if the last check of the activity log found a fault',
}

/** Every process reads the same database, so the values of several are not added up. One scrape is one query. */
function stateGauges(db: Db) {
  let pending: Promise<AppState | undefined> | undefined
  const read = () =>
    (pending ??= selectState(db)
      .catch(() => undefined) // while the database is away, the other metrics are still reported
      .finally(() => (pending = undefined)))
  const names = Object.keys(stateHelp) as (keyof AppState)[]
  return names.map(
    (name) =>
      new Gauge({
        name: `fieldkey_${name}`,
        help: stateHelp[name],
        aggregator: 'max',
        registers: [],
        async collect() {
          const state = await read()
          if (state) this.set(state[name])
          else this.remove()
        },
      }),
  )
}
