import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../src/platform/db.ts'
import { log } from '../../src/platform/log.ts'
import { QueueWatch, type QueueState } from '../../src/platform/queue-state.ts'
import { startWorker, type Worker } from '../../src/worker.ts'
import { startHttpServer, type HttpServer } from '../../src/http-server.ts'
import { ownerOf } from '../support/database.ts'
import { createTestApp } from '../support/test-app.ts'

// A server that holds a fetch to be stalled after a moment, where others wait for longer.
const stalledAfter = 500
const metricsToken = 'of Prometheus alone: 41c8d07b9e26'
const app = createTestApp({ PORT: '0', METRICS_TOKEN: metricsToken })
const patience = { timeout: 20_000, interval: 20 }
const states: QueueState[] = []
let worker: Worker
let web: HttpServer
let owner: pg.Client

beforeAll(async () => {
  const watch = new QueueWatch((state) => states.push(state), stalledAfter)
  owner = new pg.Client(ownerOf(app.connectionString))
  await owner.connect()
  web = await startHttpServer(app.db, app.configWith(), () => watch.state)
  worker = await startWorker(app.connectionString, app.configWith(), watch)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await owner.query('rollback')
})
afterAll(async () => {
  await owner.end()
  await worker.stop()
  await web.close()
})

const at = (path: string, headers = {}) =>
  fetch(`http://localhost:${web.port}${path}`, { headers: { connection: 'close', ...headers } })
async function ready() {
  const answer = await at('/readyz')
  return `${answer.status} ${await answer.text()}`
}
const becomes = (words: string) => vi.waitFor(async () => expect(await ready()).toBe(words), patience)
const lockJobs = async () => {
  await owner.query('begin')
  await owner.query('lock table graphile_worker._private_jobs in access exclusive mode')
}

test('a server whose fetches hang is not ready until they come back (fault 18)', async () => {
  await becomes('200 ready')
  const warned = vi.spyOn(log, 'warn')
  await lockJobs()
  await becomes('503 not ready: the job queue cannot be read')
  expect((await at('/healthz')).status).toBe(200)
  expect(warned.mock.calls.filter((call) => call.includes('no job could be fetched'))).toHaveLength(1)
  const told = vi.spyOn(log, 'info')
  await owner.query('rollback')
  await becomes('200 ready')
  expect(told.mock.calls.flat()).toContain('jobs are fetched again')
  const metrics = await at('/metrics', { authorization: `Bearer ${metricsToken}` })
  expect(await metrics.text()).toMatch(/^fieldkey_job_fetch_failures_total [1-9]/m)
})

test('jobs that take long on every lane are no trouble (fault 18)', async () => {
  await becomes('200 ready')
  const who = await app.createUser({ name: 'Lena Locked', role: 'Fieldworker' })
  await owner.query('begin')
  await owner.query('select 1 from users where id = $1 for update', [who.id])
  const before = states.length
  const payload = JSON.stringify({ email: who.email, ip: null, userAgent: null, requestId: null })
  await run(
    app.db,
    sql`select graphile_worker.add_job('answer_reset_request', ${payload}::json) from generate_series(1, 6)`,
  )
  const running = sql`select id::text from graphile_worker._private_jobs
    where locked_at < now() - make_interval(secs => ${(stalledAfter * 2) / 1000})`
  await vi.waitFor(
    async () => expect(await many(app.db, z.object({ id: z.string() }), running)).toHaveLength(4),
    patience,
  )
  expect([await ready(), states.slice(before)]).toEqual(['200 ready', []])
})
