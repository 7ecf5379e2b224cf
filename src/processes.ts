import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { surviveFaults } from './platform/last-resort.ts'
import { log } from './platform/log.ts'
import { aggregateMetrics } from './ops/aggregate-metrics.ts'
import { notStarted, type QueueState } from './platform/queue-state.ts'
import type { HttpServer } from './http-server.ts'

/**
 * Starts `count` processes that answer at one address, each with its own database connections, and replaces each one
 * that ends. This primary process answers no requests: it runs the jobs, and the database if that is embedded.
 */
export async function startProcesses(count: number, databaseUrl: string, queue: () => QueueState) {
  let closing = false
  surviveFaults()
  const start = () => {
    const worker = cluster.fork({ DATABASE_URL: databaseUrl })
    aggregateMetrics(worker)
    worker.once('online', () => sendQueueState(worker, queue()))
    worker.on('error', (error) => log.error({ err: error }, 'a web process could not be reached'))
    worker.once('exit', (code, signal) => {
      if (closing) return
      log.error({ pid: worker.process.pid, code, signal }, 'a web process has ended; another one starts')
      setTimeout(() => closing || start(), 1_000)
    })
    return worker
  }
  const ports = await Promise.all(Array.from({ length: count }, () => listening(start())))
  const close = async () => {
    closing = true
    await Promise.all(Object.values(cluster.workers ?? {}).map(end))
  }
  return { port: ports[0] ?? 0, close } satisfies HttpServer
}

/** Sends the state of the jobs, which the primary process runs, to the processes that answer. */
export function broadcast(queue: QueueState) {
  for (const worker of Object.values(cluster.workers ?? {}))
    if (worker?.isConnected()) sendQueueState(worker, queue)
}

/** The callback keeps a message to a process that has just ended from becoming a fault of this one. */
const sendQueueState = (worker: Worker, queue: QueueState) => worker.send({ queue }, () => {})

/** The last state that the primary process sent. */
export function fromPrimary(): () => QueueState {
  let state = notStarted
  process.on('message', (message: { queue?: QueueState }) => (state = message.queue ?? state))
  return () => state
}

async function listening(worker: Worker): Promise<number> {
  const ended = once(worker, 'exit').then(() =>
    Promise.reject(new Error('A web process ended before it was ready')),
  )
  const [{ port }] = (await Promise.race([once(worker, 'listening'), ended])) as [AddressInfo]
  return port
}

async function end(worker: Worker | undefined) {
  if (!worker || worker.isDead()) return
  const ended = once(worker, 'exit')
  worker.process.kill('SIGTERM')
  await ended
}
