import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db, many, run, sql } from '../../src/platform/db.ts'
import { createHasher, hashStrengths } from '../../src/auth/passwords/hash.ts'
import { startServer } from '../support/running-server.ts'
import { fillIn, type Filled } from './filled.ts'
import { under } from './load.ts'
import { say, sayTable } from './numbers.ts'
import { seedCompany, settings, withOwnDatabase } from './own-database.ts'
import type { Target } from './targets.ts'

const sizes = { people: 16, rounds: 12, connections: 32, requests: 1_500 }
type Strength = keyof typeof hashStrengths
export const signIns = { sizes, measure }

const slices = 4

/**
 * So many people sign in at once, beside as many hashes of the same strength in a process that does nothing else, as
 * production hashes and at the least that is allowed; and how many ask for a link because they forgot their password,
 * beside how many look at the page on which they sign in.
 */
function measure({ people, rounds, connections, requests }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers: 200, events: 0 })
    const database = { DATABASE_URL: ways.app, DATABASE_OWNER_URL: ways.owner }
    const server = await startServer({ ...settings, ...database, WORKER: 'off' })
    const here = server.address.replace('localhost', '127.0.0.1')
    const workers = await whoMaySignIn(ways.app)
    const found = Array.from({ length: 6 }, () => 0) as Six
    for (let slice = 0; slice < slices; slice++) {
      const each = (rounds * people) / slices
      const signIn = async (strength: Strength) => {
        await hashAs(ways.app, strength)
        const forms = await signInForms(here, workers, each)
        return [
          await hashesOf(each, people, strength),
          await postsOf(people, forms, `${here}/sign-in`),
        ] as const
      }
      const { cookie } = await fillIn(here, 1)
      const forgot = await forgotForms(here, requests / slices, slice)
      const now = [
        ...(await signIn('production')),
        ...(await signIn('minimum')),
        (await under(connections, 2, { address: `${here}/sign-in`, cookie }))['per second'],
        await postsOf(connections, forgot, `${here}/forgot-password`),
      ]
      now.forEach((perSecond, i) => (found[i] = (found[i] ?? 0) + perSecond / slices))
    }
    server.kill('SIGTERM')
    await server.ended
    const rows = names.map((what, i) => ({ what, 'a second': found[i] ?? NaN }))
    sayTable(rows)
    say(`\n${people} at once for the first four, ${connections} for the others`)
    return { rows, targets: targetsOf(found) }
  })
}

type Six = [number, number, number, number, number, number]
const names = [
  'hashes as in production',
  'sign-ins',
  'hashes at the least allowed',
  'sign-ins at the least allowed',
  'sign-in pages',
  'forgotten passwords',
]

/** A hash stronger than today's is verified as it is: so the people have passwords of either strength, and the server is one. */
async function hashAs(connectionString: string, strength: Strength) {
  const db = new Db(connectionString)
  const hash = await createHasher(hashStrengths[strength]).hash(demoPassword)
  await run(db, sql`update users set password_hash = ${hash} where email like '%@seed.test'`)
  await db.close()
}

async function hashesOf(count: number, atOnce: number, strength: Strength): Promise<number> {
  const child = fork(
    fileURLToPath(new URL('./bare-hashing.ts', import.meta.url)),
    [String(count), String(atOnce), strength],
    { execArgv: ['--import', './src/typescript.js'] },
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
async function signInForms(here: string, workers: string[], count: number): Promise<Filled[]> {
  const forms: Filled[] = []
  for (let i = 0; i < count; i++) {
    const fields = { email: workers[i % workers.length] ?? '', password: demoPassword }
    forms.push(await fillIn(here, network++, '/sign-in', fields))
  }
  return forms
}
let network = 2

/** Each with an address and a network of their own. */
async function forgotForms(here: string, count: number, slice: number): Promise<Filled[]> {
  const forms: Filled[] = []
  for (let i = 0; i < count; i++) {
    const email = `nobody${slice * count + i}@firm.test`
    forms.push(await fillIn(here, 100_000 + slice * count + i, '/forgot-password', { email }))
  }
  return forms
}

const targetsOf = ([hashes, signIns, leastHashes, leastSignIns, pages, forgot]: Six): Target[] => [
  {
    work: 'sign-in, 16 at once',
    beside: 'bare argon2 as in production',
    ...{ measured: signIns / hashes, unit: '×', atLeast: 0.9 },
  },
  {
    work: 'sign-in, 16 at once',
    beside: 'bare argon2 at the least allowed',
    ...{ measured: leastSignIns / leastHashes, unit: '×', atLeast: 0.9 },
  },
  {
    work: 'forgot-password requests',
    beside: 'the sign-in page',
    ...{ measured: forgot / pages, unit: '×', atLeast: 0.4 },
  },
]
