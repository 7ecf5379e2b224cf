import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { seed } from '../../src/embedded/demo/seed.ts'
import { Count, Db, many, one, sql } from '../../src/platform/db.ts'
import { minimumStrength } from '../../src/auth/passwords/hash.ts'
import { kindsAt, type Kind, type Sender } from '../support/broken-off.ts'
import { KillablePostgres } from '../support/killable-postgres.ts'
import { createUser, cast, password } from '../support/people.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'
import { HttpClient } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const postgres = new KillablePostgres()
const metricsToken = 'of Prometheus alone: 41c8d07b9e26'
/** As many connections at once, besides those that stay until the server ends them. */
const atOnce = 10
const times = 100
/** Megabytes that Node.js keeps for new objects once it needed them: three semi-spaces of 16, as npm start sets them. */
const youngMemory = 3 * 16

let server: RunningServer
let db: Db
let owner: Db
let kinds: Record<string, Kind>
let admins: Sender[]
let auditors: Sender[]

/** On a signal what can be collected is, so that memory is compared and not when it was last tidied. */
const collecting = `
  import v8 from 'node:v8'
  import vm from 'node:vm'
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc')
  process.on('SIGUSR2', () => collect())`

beforeAll(async () => {
  await postgres.start()
  const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'fieldkey@firm.test', WORKER: 'off' }
  server = await startServer({
    ...{ ...postgres.settings, ...mail, NODE_ENV: 'production', METRICS_TOKEN: metricsToken },
    SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06',
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(collecting)}`,
  })
  const address = server.address.replace('localhost', '127.0.0.1')
  kinds = kindsAt(Number(new URL(address).port))
  db = new Db(postgres.connectionString, { statement_timeout: 0 })
  owner = new Db(postgres.settings.DATABASE_OWNER_URL, { statement_timeout: 0 })
  await cast(db)
  await seed(owner, minimumStrength, { fieldworkers: 50, events: 40_000 })
  admins = []
  auditors = []
  for (let i = 0; i < atOnce; i++) {
    for (const [role, people] of [
      ['Admin', admins],
      ['Auditor', auditors],
    ] as const) {
      const email = `${role.toLowerCase()}${i}@firm.test`
      await createUser(db, { name: `${role} ${i}`, email, role })
      people.push(await signedIn(email))
    }
  }
}, 180_000)
afterAll(async () => {
  server.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  await db.close()
  await owner.close()
  await postgres.stop()
})

const client = () => new HttpClient(server.address.replace('localhost', '127.0.0.1'))
async function signedIn(email: string): Promise<Sender> {
  const somebody = await client().signIn(email, password)
  return { token: await somebody.token('/account/password'), cookie: somebody.cookies() }
}

const personAt = (place: number): Sender => admins[place % atOnce] ?? { cookie: '', token: '' }

/** So many of each kind, all mixed, a few at a time: each place has an admin and an auditor of its own, since the uploads
 * and exports of one person are limited. */
async function broken(many: number) {
  const jobs = Array.from({ length: many }, (_, turn) =>
    Object.values(kinds).map((kind) => ({ kind, turn })),
  ).flat()
  const work = async (auditor: Sender, place: number) => {
    for (let job = jobs.pop(); job; job = jobs.pop()) {
      await resetRateLimits(db) // this is about what breaks, not about how often
      await job.kind({ admin: personAt(place), auditor, turn: job.turn })
    }
  }
  await Promise.all(auditors.map(work))
}

/** One of each kind that can wait for the server to end it, of the last kind in its three ways. */
async function staying() {
  const uploads = Object.entries(kinds).filter(
    ([name]) => name.startsWith('an upload ') && !name.includes('reset'),
  )
  const silent = Object.entries(kinds).filter(([name]) => name.startsWith('a connection that never'))
  const all = [...uploads, ...silent, ...silent, ...silent]
  await Promise.all(
    all.map(([, kind], turn) => kind({ admin: personAt(turn), auditor: personAt(turn), turn, stays: true })),
  )
  return all.length
}

const ask = (path: string, headers?: Record<string, string>) => fetch(server.address + path, { headers })
async function measures() {
  const text = await (await ask('/metrics', { authorization: `Bearer ${metricsToken}` })).text()
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  const used = value('nodejs_heap_size_used_bytes') + value('nodejs_external_memory_bytes')
  return { unhandled: value('fieldkey_unhandled_faults_total'), used: used / 2 ** 20 }
}
const ofSystem = (name: string) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1])

/** Megabytes, once what can be collected was. */
async function memory() {
  for (let i = 0; i < 3; i++) {
    server.kill('SIGUSR2')
    await sleep(300)
  }
  return { used: (await measures()).used, resident: ofSystem('VmRSS') / 1024 }
}
const openFiles = () => readdirSync(`/proc/${server.pid}/fd`).length

/** Rows of every table, but for what an export is meant to leave: its entry in the log, and that it counts. */
async function rows(): Promise<Record<string, number>> {
  const Table = z.object({ name: z.string() })
  const tables = await many(
    owner,
    Table,
    sql`select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema') and tablename !~ '^(activity_log|rate_limits)'`,
  )
  const count = (name: string) => one(owner, Count, sql([`select count(*) from ${name}`] as never))
  return Object.fromEntries(
    await Promise.all(tables.map(async ({ name }) => [name, (await count(name)).count] as const)),
  )
}

/** What connections of the server still hold in the database. */
const held = () =>
  one(
    owner,
    Count,
    sql`select (select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))
          + (select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
              and (state like 'idle in transaction%' or state = 'active')) as count`,
  )
const exportsLogged = () =>
  one(owner, Count, sql`select count(*) from activity_log where event = 'activity_exported'`)

test('a thousand uploads, exports, downloads and connections of ten kinds that break off leave nothing behind (fault 1)', async () => {
  expect(Object.keys(kinds)).toHaveLength(10)
  await broken(10) // so that what is made once, and kept, is there before
  await vi.waitFor(async () => expect((await held()).count).toBe(0), 30_000)
  const before = { rows: await rows(), memory: await memory(), files: openFiles() }
  const logged = (await exportsLogged()).count

  const [stayed] = await Promise.all([staying(), broken(times)])

  expect(stayed).toBe(8)
  await vi.waitFor(async () => expect((await held()).count).toBe(0), 30_000)
  expect((await exportsLogged()).count - logged).toBeGreaterThan(2 * times) // most were under way when they broke
  for (const path of ['/healthz', '/readyz', '/sign-in'])
    expect([path, (await ask(path)).status]).toEqual([path, 200])
  expect((await measures()).unhandled).toBe(0)
  expect(server.output()).not.toMatch(/"level":"(error|fatal)"|"level":[56]0/)
  expect(await rows()).toEqual(before.rows)
  await vi.waitFor(() => expect(openFiles()).toBeLessThan(before.files + 10), 60_000)
  const { used, resident } = await memory()
  expect(used).toBeLessThan(before.memory.used + 20)
  expect(resident).toBeLessThan(before.memory.resident + youngMemory + 20)
})

test('after that every place of the limits is free again, and people come in and work (fault 1)', async () => {
  await resetRateLimits(db)
  const emails = [0, 1, 2, 3].map((i) => `admin${i}@firm.test`)
  const office = await Promise.all(emails.map((email) => client().signIn(email, password)))
  const file = 'name,email,phone,team\r\nNew Worker,new.worker@firm.test,,North\r\n'
  const uploads = [...office, ...office].map((who) => who.upload('/fieldworkers/import', file))
  expect((await Promise.all(uploads)).map(({ status }) => status)).toEqual(Array(8).fill(303))
  const packs = auditors.map(async ({ cookie }) => {
    const answer = await ask('/activity-log/evidence.zip', { cookie })
    return [answer.status, (await answer.arrayBuffer()).byteLength > 1_000_000]
  })
  expect(await Promise.all(packs)).toEqual(auditors.map(() => [200, true]))
})
