import { z } from 'zod'
import { createApp } from '../../src/app.ts'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db, one, sql } from '../../src/platform/db.ts'
import type { Ways } from '../support/test-server.ts'
import { HttpClient } from '../support/http-client.ts'
import { clocked } from './clocked.ts'
import { median, quantile, sayTable, shuffled } from './numbers.ts'
import { configFor, seedCompany, withOwnDatabase } from './own-database.ts'
import type { Target } from './targets.ts'

const small = { fieldworkers: 1_000, events: 100_000 }
const sizes = { people: 100_000, events: 5_000_000, requests: 40 }
export const companySizes = { sizes, measure }

/** The same pages of a small company and of a large one, in turn: how long the server takes, and what the size costs. */
function measure({ people, events, requests }: typeof sizes) {
  return withOwnDatabase(async (fewWays) => {
    await seedCompany(fewWays, small)
    return withOwnDatabase(async (manyWays) => {
      await seedCompany(manyWays, { fieldworkers: people, events })
      const few = await open(fewWays)
      const many = await open(manyWays)
      const pages = { ...lists, ...(await searches(many.db)), ...logs }
      const taken = await inTurn({ few, many }, pages, requests)
      const rows = Object.keys(pages).map((page) => rowOf(page, taken))
      sayTable(rows)
      await few.db.close()
      await many.db.close()
      return { rows, targets: targetsOf(rows) }
    })
  })
}

const lists = { 'Fieldworkers, first page': '/fieldworkers' }
const logs = {
  'activity log, first page': '/activity-log',
  'activity log by event': '/activity-log?event=sign_in_failed',
  'activity log by category': '/activity-log?category=security',
  'activity log by who did it': '/activity-log?actor=admin%40demo.test',
  'activity log by IP': '/activity-log?ip=198.51.100.1',
}

/** Parts of the name, the address and the phone of somebody in the middle of the list. */
async function searches(db: Db): Promise<Record<string, string>> {
  const somebody = await one(
    db,
    z.object({ name: z.string(), email: z.string(), phone: z.string().nullable() }),
    sql`select name, email, phone from users where email like '%@seed.test' order by name offset 500 limit 1`,
  )
  const part = (text: string) => encodeURIComponent(text.slice(1, -1).toLowerCase())
  const by = {
    name: part(somebody.name),
    address: part(somebody.email.split('@')[0] ?? ''),
    phone: part(somebody.phone ?? ''),
  }
  return Object.fromEntries(
    Object.entries(by).map(([what, q]) => [`search by ${what}`, `/fieldworkers?q=${q}`]),
  )
}

async function open(ways: Ways) {
  const db = new Db(ways.app)
  const expressApp = createApp({ db, config: configFor(ways) })
  const { app, took } = clocked(expressApp)
  const admin = await new HttpClient(app).signIn('admin@demo.test', demoPassword)
  return { db, admin, took }
}
type Company = Awaited<ReturnType<typeof open>>

type Taken = Map<string, number[]>

async function inTurn(
  companies: Record<'few' | 'many', Company>,
  pages: Record<string, string>,
  requests: number,
) {
  const taken: Taken = new Map()
  for (let round = -5; round < requests; round++)
    for (const [page, address] of shuffled(Object.entries(pages)))
      for (const [size, { admin, took }] of shuffled(Object.entries(companies))) {
        await admin.get(address).expect(200)
        const key = `${page} ${size}`
        if (round >= 0) taken.set(key, [...(taken.get(key) ?? []), took()])
      }
  return taken
}

function rowOf(page: string, taken: Taken) {
  const of = (size: string) => taken.get(`${page} ${size}`) ?? []
  const [few, many] = [median(of('few')), median(of('many'))]
  return { page, 'small ms': few, 'large ms': many, p95: quantile(of('many'), 0.95), ratio: many / few }
}

function targetsOf(rows: ReturnType<typeof rowOf>[]): Target[] {
  const beside = `${small.fieldworkers.toLocaleString('en')} people`
  return rows.flatMap(({ page, 'large ms': ms, ratio }): Target[] => {
    if (page.startsWith('search'))
      return [{ work: `${page}, 100,000 people`, beside: '', measured: ms, unit: 'ms', atMost: 30 }]
    const isLog = page.startsWith('activity')
    return [
      { work: page, beside: isLog ? '100,000 entries' : beside, measured: ratio, unit: '×', atMost: 1.3 },
      { work: page, beside: '', measured: ms, unit: 'ms', atMost: isLog ? 20 : 15 },
    ]
  })
}
