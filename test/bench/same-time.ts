import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { Db, run, sql } from '../../src/foundation/db.ts'
import { log } from '../../src/foundation/log.ts'
import { migrate } from '../../src/foundation/migrate.ts'
import { withDatabase } from '../support/global-setup.ts'
import { add, password } from '../support/people.ts'
import { administer, startTestServer } from '../support/test-server.ts'
import { Visitor } from '../support/visitor.ts'

// npm run bench: whether an account exists cannot be told by time. 40 samples of each kind, interleaved in a new order
// each round; AUC is how often a sample of one kind is slower than one of the other: 0.5 is no difference at all.
const samples = 40
const warmUps = 5

log.level = 'silent'
const server = await startTestServer()
const name = `bench_${process.pid}`
await administer(server.admin, `create database ${name} owner "${new URL(server.owner).username}"`)
const database = withDatabase(server.app, name)
await migrate({ connectionString: database, ownerConnectionString: withDatabase(server.owner, name) })
const db = new Db(database)
const config = readConfig({
  DATABASE_URL: database,
  TRUST_PROXY: '1',
  SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06',
})
const app = createApp({ db, config })

const person = (name: string, more = {}) =>
  add(db, { name, email: `${name.toLowerCase()}@firm.test`, role: 'Fieldworker', ...more })
const emails = {
  known: (await person('Known')).email,
  unknown: 'nobody@firm.test',
  blocked: (await person('Blocked', { status: 'blocked' })).email,
  unverified: (await person('Unverified', { verified: false })).email,
}
type Kind = keyof typeof emails
const kinds = Object.keys(emails) as Kind[]

await measure('/sign-in', (email) => ({
  email,
  password: email === emails.blocked ? password : 'not the password',
}))
await measure('/forgot-password', (email) => ({ email }))
await db.close()
await administer(server.admin, `drop database ${name} with (force)`)
await server.stop()

async function measure(door: string, form: (email: string) => Record<string, string>) {
  const taken: Record<Kind, number[]> = { known: [], unknown: [], blocked: [], unverified: [] }
  for (let round = 0; round < warmUps + samples; round++)
    for (const kind of shuffled(kinds)) {
      const ms = await once(door, form(emails[kind]))
      if (round >= warmUps) taken[kind].push(ms)
    }
  for (const kind of kinds) {
    const auc = kinds.map((other) => `${other} ${overlap(taken[kind], taken[other]).toFixed(2)}`).join('  ')
    process.stdout.write(
      `${door.padEnd(18)}${kind.padEnd(12)}median ${median(taken[kind]).toFixed(1)} ms   AUC to ${auc}\n`,
    )
  }
}

async function once(door: string, fields: Record<string, string>): Promise<number> {
  await run(db, sql`delete from rate_limits`)
  await run(db, sql`delete from password_failures`)
  const visitor = new Visitor(app)
  const _csrf = await visitor.token(door)
  const began = performance.now()
  await visitor.postBare(door, { _csrf, ...fields })
  return performance.now() - began
}

function shuffled<T>(all: T[]): T[] {
  return all
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

function median(all: number[]): number {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN
}

function overlap(a: number[], b: number[]): number {
  const slower = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0)
  return (
    a.flatMap((x) => b.map((y) => slower(x, y) as number)).reduce((sum, one) => sum + one, 0) /
    (a.length * b.length)
  )
}
