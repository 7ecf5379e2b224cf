import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { demoPassword } from '../../src/demo/company.ts'
import { Db, many, sql } from '../../src/foundation/db.ts'
import { startServer } from '../support/running-server.ts'
import { fillIn, type Filled } from './filled.ts'
import { under } from './load.ts'
import { say, sayTable } from './numbers.ts'
import { seedCompany, settings, withOwnDatabase } from './own-database.ts'
import type { Target } from './targets.ts'

const sizes = { people: 16, rounds: 12, connections: 32, requests: 1_500 }
export const signIns = { sizes, measure }

const slices = 4

/**
 * So many people sign in at once, beside as many hashes of the same strength in a process that does nothing else; and
 * how many ask for a link because they forgot their password, beside how many look at the page on which they sign in.
 */
function measure({ people, rounds, connections, requests }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers: 200, events: 0 })
    const database = { DATABASE_URL: ways.app, DATABASE_OWNER_URL: ways.owner }
    const server = await startServer({ ...settings, ...database, WORKER: 'off' })
    const here = server.address.replace('localhost', '127.0.0.1')
    const workers = await whoMaySignIn(ways.app)
    const found = { hashes: 0, 'sign-ins': 0, 'sign-in pages': 0, 'forgotten passwords': 0 }
    for (let slice = 0; slice < slices; slice++) {
      const each = (rounds * people) / slices
      found.hashes += await hashesOf(each, people)
      found['sign-ins'] += await postsOf(
        people,
        await signInForms(here, workers, each, slice),
        `${here}/sign-in`,
      )
      const looked = await under(connections, 2, {
        address: `${here}/sign-in`,
        cookie: (await fillIn(here, 1)).cookie,
      })
      found['sign-in pages'] += looked['per second']
      const forgot = await forgotForms(here, requests / slices, slice)
      found['forgotten passwords'] += await postsOf(connections, forgot, `${here}/forgot-password`)
    }
    server.kill('SIGTERM')
    await server.ended
    const rows = Object.entries(found).map(([what, sum]) => ({ what, 'a second': sum / slices }))
    sayTable(rows)
    say(`\n${people} at once for the first two, ${connections} for the others`)
    return { rows, targets: targetsOf(found) }
  })
}

async function hashesOf(count: number, atOnce: number): Promise<number> {
  const child = fork(
    fileURLToPath(new URL('./bare-hashing.ts', import.meta.url)),
    [String(count), String(atOnce)],
    {
      execArgv: ['--import', './src/typescript.js'],
    },
  )
  const [perSecond] = (await once(child, 'message')) as [number]
  return perSecond
}

async function postsOf(connections: number, forms: Filled[], address: string): Promise<number> {
  const found = await under(connections, 600, { address, form: () => forms.pop(), status: 303 })
  return found['per second']
}

async function whoMaySignIn(connectionString: string): Promise<string[]> {
  const db = new Db(connectionString)
  const rows = await many(
    db,
    z.object({ email: z.string() }),
    sql`select email from users where status = 'active' and email like '%@seed.test'`,
  )
  await db.close()
  return rows.map(({ email }) => email)
}

/** Each from a network of its own, and nobody twice at the same time. */
async function signInForms(here: string, workers: string[], count: number, slice: number): Promise<Filled[]> {
  const forms: Filled[] = []
  for (let i = 0; i < count; i++) {
    const fields = { email: workers[i % workers.length] ?? '', password: demoPassword }
    forms.push(await fillIn(here, slice * count + i, '/sign-in', fields))
  }
  return forms
}

/** Each with an address and a network of their own. */
async function forgotForms(here: string, count: number, slice: number): Promise<Filled[]> {
  const forms: Filled[] = []
  for (let i = 0; i < count; i++) {
    const email = `nobody${slice * count + i}@firm.test`
    forms.push(await fillIn(here, 100_000 + slice * count + i, '/forgot-password', { email }))
  }
  return forms
}

const targetsOf = (found: Record<string, number>): Target[] => [
  {
    work: 'sign-in, 16 at once',
    beside: 'bare argon2, as strong',
    measured: (found['sign-ins'] ?? NaN) / (found.hashes ?? NaN),
    unit: '×',
    atLeast: 0.9,
  },
  {
    work: 'forgot-password requests',
    beside: 'the sign-in page',
    measured: (found['forgotten passwords'] ?? NaN) / (found['sign-in pages'] ?? NaN),
    unit: '×',
    atLeast: 0.4,
  },
]
