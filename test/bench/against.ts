import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { withDatabase } from '../support/global-setup.ts'
import { HttpClient } from '../support/http-client.ts'
import { administer, startTestServer, type TestServer } from '../support/test-server.ts'
import { fillIn, type Filled } from './filled.ts'
import { under } from './load.ts'
import { median, say, sayTable, shuffled } from './numbers.ts'
import { settings } from './own-database.ts'
import { startNode, startProduction, type Answering } from './production-server.ts'
import type { Target } from './targets.ts'

const sizes = { connections: 16, seconds: 2, rounds: 5, forms: 300 }
export const against = { sizes, measure }

/** What the reference and each checkout are asked for, and how our speed should compare with both. */
const works = {
  'sign-in page': { page: '/sign-in', signedIn: false, ofOther: 4, ofReference: 0.55 },
  'own account page': { page: '/account', signedIn: true, ofOther: 3, ofReference: 0.55 },
  Fieldworkers: { page: '/fieldworkers', signedIn: true, ofOther: 2, ofReference: 0.5 },
} as const
const forgot = { work: 'forgot-password, half of them known', ofOther: 2.5, ofReference: 0 }

interface Side {
  name: 'ours' | 'other' | 'reference'
  server: Answering
  cookie: string
  /** Addresses of people who are there, each used once. */
  known: string[]
}

/**
 * This checkout, another one (its path is the argument) and a plain app of the same packages, side by side over one
 * PostgreSQL: they take turns, and each figure is the median of its rounds.
 */
async function measure({ connections, seconds, rounds, forms }: typeof sizes, other?: string) {
  const database = await startTestServer()
  const sides: Side[] = []
  try {
    sides.push(await checkout('ours', process.cwd(), database))
    if (other !== undefined) sides.push(await checkout('other', path.resolve(other), database))
    const [ours] = sides as [Side]
    sides.push(await reference(database, await sizesOfPages(ours)))
    const found: Found = new Map()
    for (let round = -1; round < rounds; round++)
      for (const side of shuffled(sides)) {
        const note = (work: string, perSecond: number) => {
          if (round >= 0) noted(found, work, side.name).push(perSecond) // the first warms up
        }
        for (const [work, { page, signedIn }] of Object.entries(works)) {
          const ask = { address: side.server.address + page, cookie: signedIn ? side.cookie : '' }
          note(work, (await under(connections, seconds, ask))['per second'])
        }
        note(forgot.work, await forgotten(side, connections, forms))
      }
    return report(found, other !== undefined)
  } finally {
    for (const { server } of sides) await server.stop()
    await database.stop()
  }
}

async function checkout(name: 'ours' | 'other', home: string, database: TestServer): Promise<Side> {
  const ways = await ownDatabase(name, database)
  const databases = { DATABASE_URL: ways.app, DATABASE_OWNER_URL: ways.owner }
  const { scripts } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as {
    scripts: { seed: string }
  }
  const args = [...scripts.seed.split(' ').slice(1), '--fieldworkers', '1000', '--events', '1000']
  execFileSync(process.execPath, args, {
    cwd: home,
    env: { PATH: process.env.PATH, ...settings, ...databases },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const server = await startProduction(home, databases)
  const admin = await new HttpClient(server.address).signIn('admin@demo.test', demoPassword)
  const known = await emails(
    ways.owner,
    `select email from users where email like '%@seed.test' order by email`,
  )
  return { name, server, cookie: admin.cookies(), known }
}

async function reference(database: TestServer, bytes: Record<string, number>): Promise<Side> {
  const { owner } = await ownDatabase('reference', database)
  const script = 'test/bench/reference/server.ts'
  const args = ['--import', './src/typescript.js', script, owner, JSON.stringify(bytes)]
  const server = await startNode(process.cwd(), args)
  const answer = await fetch(`${server.address}/enter`, { redirect: 'manual' })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  for (const page of ['/sign-in', '/account', '/fieldworkers'])
    await fetch(server.address + page, { headers: { cookie } }) // learns how much to add
  return { name: 'reference', server, cookie, known: await emails(owner, 'select email from people') }
}

async function ownDatabase(name: string, { admin, owner, app }: TestServer) {
  await administer(admin, `create database ${name} owner "${new URL(owner).username}"`)
  return { owner: withDatabase(owner, name), app: withDatabase(app, name) }
}

async function emails(connectionString: string, query: string): Promise<string[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query<{ email: string }>(query).finally(() => client.end())
  return rows.map(({ email }) => email)
}

/** How many bytes our pages have: those of the reference get as many. */
async function sizesOfPages({ server, cookie }: Side): Promise<Record<string, number>> {
  const views = { 'sign-in': '/sign-in', account: '/account', people: '/fieldworkers' }
  const sizes: Record<string, number> = {}
  for (const [view, page] of Object.entries(views)) {
    const headers = { cookie: view === 'sign-in' ? '' : cookie }
    sizes[view] = (await (await fetch(server.address + page, { headers })).arrayBuffer()).byteLength
  }
  return sizes
}

/** Requests for a link a second, every other one for somebody who is there; each from a network of its own. */
async function forgotten({ name, server, known }: Side, connections: number, forms: number): Promise<number> {
  const filled: Filled[] = []
  for (let i = 0; i < forms; i++) {
    const email = (i % 2 ? known.pop() : undefined) ?? `nobody${network}@firm.test`
    filled.push(
      name === 'reference'
        ? { cookie: '', from: '10.0.0.1', body: new URLSearchParams({ email }).toString() }
        : await fillIn(server.address, network++, '/forgot-password', { email }),
    )
  }
  const ask = { address: `${server.address}/forgot-password`, form: () => filled.pop(), status: 303 }
  return (await under(connections, 60, ask))['per second']
}
let network = 2

type Found = Map<string, Map<Side['name'], number[]>>

function noted(found: Found, work: string, name: Side['name']): number[] {
  const byName = found.get(work) ?? new Map<Side['name'], number[]>()
  const all = byName.get(name) ?? []
  found.set(work, byName.set(name, all))
  return all
}

function report(found: Found, hasOther: boolean) {
  const rows = [...found].map(([work, byName]) => {
    const [ours = NaN, other = NaN, bare = NaN] = (['ours', 'other', 'reference'] as const).map((name) =>
      median(byName.get(name) ?? []),
    )
    return { work, ours, other, reference: bare, 'to other': ours / other, 'to reference': ours / bare }
  })
  sayTable(rows)
  say('\na second; one process each, and the one that asks beside them')
  const targets = rows.flatMap((row): Target[] => {
    const { ofOther, ofReference } = { ...forgot, ...works[row.work as keyof typeof works] }
    const beside = (name: string, measured: number, atLeast: number) =>
      ({ work: row.work, beside: name, measured, unit: '×', atLeast }) as const
    return [
      ...(hasOther ? [beside('the other checkout', row['to other'], ofOther)] : []),
      ...(ofReference ? [beside('the reference', row['to reference'], ofReference)] : []),
    ]
  })
  return { rows, targets }
}
