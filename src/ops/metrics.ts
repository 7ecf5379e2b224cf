import type { Request, RequestHandler } from 'express'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Db } from '../platform/db.ts'
import { unhandledFaults } from '../platform/last-resort.ts'
import type { QueueState } from '../platform/queue-state.ts'
import { selectState } from './queries.ts'

/** What one process tells of itself, and of the house when it is asked. No label holds a person, an address or an id. */
export function metricsOf(db: Db, queue?: () => QueueState): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  registry.registerMetric(connectionsOf(db))
  registry.registerMetric(stateOf(db))
  registry.registerMetric(faults())
  if (queue) registry.registerMetric(queueOf(queue))
  return registry
}

/** Measures every request by the pattern of its door: `/users/:id/password`, not whose. */
export function measuring(registry: Registry): RequestHandler {
  const seconds = new Histogram({
    name: 'fieldkey_request_seconds',
    help: 'Requests: how many, and how long each took',
    labelNames: ['method', 'door', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  return (req, res, next) => {
    const end = seconds.startTimer()
    res.on('finish', () => end({ method: methodOf(req), door: routeOf(req), status: res.statusCode }))
    next()
  }
}

/** Whatever is not a door of ours, or not a method, is one thing to us: strangers must not make labels. */
const routeOf = ({ route }: Request): string => {
  const { path } = (route ?? {}) as { path?: unknown }
  return typeof path === 'string' ? path : 'none'
}
const methodOf = ({ method }: Request): string => (/^(GET|HEAD|POST)$/.test(method) ? method : 'other')

const connectionsOf = ({ pool }: Db) =>
  new Gauge({
    name: 'fieldkey_database_connections',
    help: 'Connections to the database, and requests that wait for one',
    labelNames: ['state'],
    registers: [],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'waiting' }, pool.waitingCount)
    },
  })

/** The jobs are done by one process for all that answer, so each tells the same. */
const queueOf = (queue: () => QueueState) =>
  new Gauge({
    name: 'fieldkey_queue',
    help: 'Whether jobs are fetched (1), and how often it failed since the worker began',
    labelNames: ['what'],
    aggregator: 'max',
    registers: [],
    collect() {
      const { trouble, failedFetches } = queue()
      this.set({ what: 'fetched' }, trouble === null ? 1 : 0)
      this.set({ what: 'failed_fetches' }, failedFetches)
    },
  })

const faults = () =>
  new Counter({
    name: 'fieldkey_unhandled_faults_total',
    help: 'Faults that no code handled: mistakes in the program, each with a line in the log',
    registers: [],
    collect() {
      this.reset()
      this.inc(unhandledFaults)
    },
  })

/** One for all processes: each says the same of the database. */
const stateOf = (db: Db) =>
  new Gauge({
    name: 'fieldkey_house',
    help: 'Jobs due and failed, letters of the last day, and the last check of the activity log (seconds since 1970; 1 if faulty)',
    labelNames: ['what'],
    aggregator: 'max',
    registers: [],
    async collect() {
      this.reset()
      const state = await selectState(db).catch(() => undefined) // while the database is away the rest is still told
      for (const [what, value] of Object.entries(state ?? {})) this.set({ what }, value)
    },
  })
