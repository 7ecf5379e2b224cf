import { EventEmitter } from 'node:events'
import { makeWorkerUtils } from 'graphile-worker'
import pg from 'pg'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { Db, many, run, sql } from '../../src/platform/db.ts'
import { CrashedWorkerRecovery } from '../../src/platform/recover-crashed-workers.ts'
import { log } from '../../src/platform/log.ts'
import { freePort } from '../../src/embedded/postgres/port.ts'
import { ownerOf, testDatabase } from '../support/database.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'

log.level = process.env.LOG ?? 'silent'
const database = testDatabase()
const metricsToken = 'of Prometheus alone: 41c8d07b9e26'
const started: RunningServer[] = []
const patience = 30_000

async function start(settings: Record<string, string> = {}) {
  const server = await startServer({
    ...{ DATABASE_URL: database, DATABASE_OWNER_URL: ownerOf(database), DEMO: 'off' },
    ...{ SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06', METRICS_TOKEN: metricsToken },
    ...settings,
  })
  started.push(server)
  return server
}
afterAll(async () => {
  for (const server of started) server.kill('SIGTERM')
  expect(await Promise.all(started.map(({ ended }) => ended))).toEqual(started.map(() => 0))
})

async function asOwner(...statements: string[]) {
  const client = new pg.Client(ownerOf(database))
  await client.connect()
  for (const statement of statements) await client.query(statement)
  return client
}
const hide = ['alter table graphile_worker._private_jobs rename to hidden']
const show = ['alter table graphile_worker.hidden rename to _private_jobs']
const changed = async (statements: string[]) => (await asOwner(...statements)).end()

/** Each question on a connection of its own, so that of several processes each is asked in turn. */
const once = { headers: { connection: 'close' } }
const ready = async (address: string) => {
  const answer = await fetch(`${address}/readyz`, once)
  return `${answer.status} ${await answer.text()}`
}
const becomes = (address: string, words: string) =>
  vi.waitFor(async () => {
    for (let i = 0; i < 4; i++) expect(await ready(address)).toBe(words)
  }, patience)
const metric = async (address: string, name: string) => {
  const headers = { authorization: `Bearer ${metricsToken}`, connection: 'close' }
  const text = await (await fetch(`${address}/metrics`, { headers })).text()
  return Number(new RegExp(`^fieldkey_${name} (\\S+)$`, 'm').exec(text)?.[1])
}

const cannotBeRead = '503 not ready: the job queue cannot be read'

describe('a server that does the jobs is ready once it fetches them', { timeout: 120_000 }, () => {
  test.each([
    ['in one process', {}],
    ['in two processes that answer', { WEB_CONCURRENCY: '2' }],
  ])('and no longer while they cannot be fetched, %s (fault 18)', async (_, settings) => {
    const server = await start(settings)
    const { address } = server
    await becomes(address, '200 ready')
    expect([
      await metric(address, 'job_queue_up'),
      await metric(address, 'job_fetch_failures_total'),
    ]).toEqual([1, 0])

    await changed(hide)
    await becomes(address, cannotBeRead)
    expect((await fetch(`${address}/readyz`, once)).headers.get('retry-after')).toBe('5')
    expect((await fetch(`${address}/healthz`, once)).status).toBe(200)
    expect(await metric(address, 'job_queue_up')).toBe(0)
    expect(await metric(address, 'job_fetch_failures_total')).toBeGreaterThan(0)
    const warnings = server.output().match(/"level":"warn".*no job could be fetched/g)
    expect(warnings).toHaveLength(1) // not one for each try

    await changed(show)
    await becomes(address, '200 ready')
    expect(server.output()).toContain('jobs are fetched again')
    expect(await metric(address, 'job_queue_up')).toBe(1)
  })

  test('and not before, though people can come in already (fault 18)', async () => {
    await changed(hide)
    const port = String(await freePort(0))
    const opening = start({ PORT: port })
    const address = `http://localhost:${port}`
    const seen = new Set<string>()
    await vi.waitFor(async () => {
      seen.add(await ready(address))
      expect((await fetch(`${address}/sign-in`, once)).status).toBe(200)
      expect(seen).toContain(cannotBeRead)
    }, patience)
    expect([...seen].filter((answer) => !answer.startsWith('503'))).toEqual([])
    await changed(show)
    await opening
    await becomes(address, '200 ready')
  })
})

test(
  'a server whose jobs are done elsewhere asks the database alone (fault 18)',
  { timeout: 60_000 },
  async () => {
    const { address } = await start({ WORKER: 'off' })
    await changed(hide)
    try {
      expect(await ready(address)).toBe('200 ready')
      expect(await metric(address, 'job_queue_up')).toBeNaN()
    } finally {
      await changed(show)
    }
  },
)

test('a job that ended here, but whose end could not be noted, is unlocked; one under way is not (fault 18)', async () => {
  const db = new Db(database)
  const events = new EventEmitter()
  const sweep = new CrashedWorkerRecovery(db, events as never)
  const utils = await makeWorkerUtils({ pgPool: db.pool })
  events.emit('pool:create', { workerPool: { id: 'pool-of-this-test' } })
  const ids = []
  for (const name of ['ended', 'under_way', 'young']) ids.push((await utils.addJob(`test_${name}`, {})).id)
  const [ended, underWay, young] = ids
  await run(
    db,
    sql`update graphile_worker._private_jobs set locked_by = 'pool-of-this-test',
          locked_at = now() - case when id = ${young}::bigint then interval '1 minute' else interval '20 minutes' end
        where id = any(${ids}::bigint[])`,
  )
  for (const id of [ended, underWay]) events.emit('job:start', { job: { id } })
  events.emit('job:complete', { job: { id: ended } })
  await sweep.sweep(utils)
  const locked = sql`select id::text from graphile_worker._private_jobs where locked_by is not null order by id`
  expect((await many(db, z.object({ id: z.string() }), locked)).map(({ id }) => id)).toEqual([
    underWay,
    young,
  ])
  await sweep.release()
  await utils.release()
  await db.close()
})
