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

const few = 1_000
const sizes = { people: 100_000, requests: 60 }
export const peopleSearch = { sizes, measure }

/** Each kind of search in a small company and in a large one, in turn: how long the server takes for the answer. */
function measure({ people, requests }: typeof sizes) {
  return withOwnDatabase(async (smallWays) => {
    await seedCompany(smallWays, { fieldworkers: few, events: 0 })
    return withOwnDatabase(async (largeWays) => {
      await seedCompany(largeWays, { fieldworkers: people, events: 0 })
      const companies = { small: await open(smallWays), large: await open(largeWays) }
      const taken = await inTurn(companies, requests)
      const rows = Object.keys(companies.small.searches).map((kind) => rowOf(kind, taken))
      sayTable(rows)
      for (const { db } of Object.values(companies)) await db.close()
      return { rows, targets: rows.flatMap(targetsOf) }
    })
  })
}

async function open(ways: Ways) {
  const db = new Db(ways.app)
  const { app, took } = clocked(createApp({ db, config: configFor(ways) }))
  const admin = await new HttpClient(app).signIn('admin@demo.test', demoPassword)
  return { db, admin, took, searches: await searches(db) }
}
type Company = Awaited<ReturnType<typeof open>>

const Somebody = z.object({ name: z.string(), email: z.string(), phone: z.string() })

/** What is typed for somebody in the middle of the list, and what many or none have. */
async function searches(db: Db): Promise<Record<string, string>> {
  const { name, email, phone } = await one(
    db,
    Somebody,
    sql`select name, email, phone from users where email like '%@seed.test' order by name desc offset 300 limit 1`,
  )
  const [first = '', last = '', number = ''] = name.split(' ')
  return {
    'one character': first.slice(0, 1),
    'two characters': first.slice(0, 2),
    'a first name of many': first,
    'both names of many': `${first} ${last}`,
    'the names in the other order': `${last} ${first}`,
    'the beginnings of both names': `${last.slice(0, 2)} ${first.slice(0, 2)}`,
    'the whole name': name,
    'an accent too many': `${first} ${last.replace('e', 'é')} ${number}`,
    'a part of a name': last.slice(1),
    'the whole number': phone,
    'the number without spaces': phone.replace(/\D/g, ''),
    'the last digits': phone.slice(-4),
    'the whole address': email,
    'the beginning of an address': email.split('@')[0] ?? '',
    'a domain of many': 'seed.test',
    'an apostrophe, nobody': 'O’Neil',
  }
}

type Taken = Map<string, number[]>

async function inTurn(companies: Record<string, Company>, requests: number) {
  const taken: Taken = new Map()
  for (let round = -5; round < requests; round++)
    for (const kind of shuffled(Object.keys(companies.small?.searches ?? {})))
      for (const [size, { admin, took, searches }] of shuffled(Object.entries(companies))) {
        await admin.get(`/people.json?q=${encodeURIComponent(searches[kind] ?? '')}`).expect(200)
        const key = `${kind} ${size}`
        if (round >= 0) taken.set(key, [...(taken.get(key) ?? []), took()])
      }
  return taken
}

function rowOf(kind: string, taken: Taken) {
  const of = (size: string) => taken.get(`${kind} ${size}`) ?? []
  const [small, large] = [median(of('small')), median(of('large'))]
  return {
    search: kind,
    'small ms': small,
    'large ms': large,
    p95: quantile(of('large'), 0.95),
    ratio: large / small,
  }
}

const targetsOf = ({ search, 'large ms': ms, ratio }: ReturnType<typeof rowOf>): Target[] => [
  { work: search, beside: `${few.toLocaleString('en')} people`, measured: ratio, unit: '×', atMost: 1.3 },
  { work: search, beside: '', measured: ms, unit: 'ms', atMost: 30 },
]
