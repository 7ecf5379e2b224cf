import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { surviveFaults } from './platform/last-resort.ts'
import { log } from './platform/log.ts'
import { aggregateMetrics } from './ops/aggregate-metrics.ts'
import { notStarted, type QueueState } from './platform/queue-state.ts'
import type { HttpServer } from './http-server.ts'

/**
 * Starts so many processes that answer at one address, each with its own connections to the database, and another one for
 * each that dies. This one answers nobody: it keeps the jobs, and the database if that is embedded.
 */
export async function openProcesses(count: number, databaseUrl: string, queue: () => QueueState) {
  let closing = false
  surviveFaults()
  const start = () => {
    const one = cluster.fork({ DATABASE_URL: databaseUrl })
    aggregateMetrics(one)
    one.once('online', () => tell(one, queue()))
    one.on('error', (error) => log.error({ err: error }, 'a process that answers could not be reached'))
    one.once('exit', (code, signal) => {
      if (closing) return
      log.error(
        { pid: one.process.pid, code, signal },
        'a process that answered has ended; another one starts',
      )
      setTimeout(() => closing || start(), 1_000)
    })
    return one
  }
  const ports = await Promise.all(Array.from({ length: count }, () => listening(start())))
  const close = async () => {
    closing = true
    await Promise.all(Object.values(cluster.workers ?? {}).map(end))
  }
  return { port: ports[0] ?? 0, close } satisfies HttpServer
}

/** The jobs are kept by the first process, and those that answer must say how it stands with them. */
export function broadcast(queue: QueueState) {
  for (const one of Object.values(cluster.workers ?? {})) if (one?.isConnected()) tell(one, queue)
}

/** With a listener of its own, a message to a process that has just ended is no fault of this one. */
const tell = (one: Worker, queue: QueueState) => one.send({ queue }, () => {})

/** What the first process said last, for one of those that answer. */
export function fromPrimary(): () => QueueState {
  let state = notStarted
  process.on('message', (message: { queue?: QueueState }) => (state = message.queue ?? state))
  return () => state
}

async function listening(one: Worker): Promise<number> {
  const ended = once(one, 'exit').then(() =>
    Promise.reject(new Error('A process that was to answer has ended')),
  )
  const [{ port }] = (await Promise.race([once(one, 'listening'), ended])) as [AddressInfo]
  return port
}

async function end(one: Worker | undefined) {
  if (!one || one.isDead()) return
  const ended = once(one, 'exit')
  one.process.kill('SIGTERM')
  await ended
}
