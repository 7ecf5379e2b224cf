import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Actor } from '../../src/access/actor.ts'
import { seed } from '../../src/embedded/demo/seed.ts'
import { Db, one, sql, type Queryable, type Sql } from '../../src/platform/db.ts'
import { minimumStrength } from '../../src/auth/passwords/hash.ts'
import type { PeopleFilter } from '../../src/people/filter.ts'
import { selectCounts, selectPreviousPage, selectUsers } from '../../src/people/list/queries.ts'
import { selectBestHits, selectHitCount } from '../../src/people/search/queries.ts'
import { ownerOf } from '../support/database.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const admin = { role: { scope: 'company' } } as Actor
let somebody: string

// Enough that reading everybody would cost more than any index, and that the planner knows.
beforeAll(async () => {
  const owner = new Db(ownerOf(app.connectionString), { statement_timeout: 0 })
  await seed(owner, minimumStrength, { fieldworkers: 20_000, events: 0 })
  await owner.close()
  const Person = z.object({ id: z.string() })
  somebody = (
    await one(
      app.db,
      Person,
      sql`select id from users order by name collate "und-x-icu" offset 10000 limit 1`,
    )
  ).id
}, 60_000)

/** How the database goes about what a query asks. */
async function planOf(ask: (db: Queryable) => Promise<unknown>, how = sql`explain`): Promise<string> {
  const plans: string[] = []
  const explaining = {
    async query(statement: Sql) {
      const { rows } = await app.db.query(sql`${how} ${statement}`)
      plans.push(...(rows as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN']))
      return { rows: statement.text.startsWith('select count(*)') ? [{ count: 0 }] : [] }
    },
  } as unknown as Queryable
  await ask(explaining)
  return plans.join('\n')
}

const listIndexes =
  /users_by_(name|last_sign_in|password_changed)|users_search_|users_with_temporary|users_never|users_pkey/
const filters: Record<string, PeopleFilter> = {
  'of everybody': {},
  'of fieldworkers': { kind: 'fieldworker' },
  'of a search': { q: 'brandt 19' },
  'by last sign-in': { sort: 'last_sign_in', kind: 'fieldworker' },
  'by last sign-in, newest first': { sort: '-last_sign_in' },
  'by change of password': { sort: 'password_changed' },
  'of temporary passwords': { state: 'temporary' },
  'of those who never signed in': { state: 'never_signed_in', sort: '-password_changed' },
  'of those who are locked out': { state: 'locked', lockedIds: [randomUUID(), randomUUID()] },
}

describe.each(Object.entries(filters))('the list %s', (_, filter) => {
  test('is read off an index, wherever a page begins', async () => {
    for (const after of [undefined, somebody]) {
      const plan = await planOf((db) => selectUsers(db, admin, { ...filter, after }, 51))
      expect(plan).not.toContain('Seq Scan on users')
      expect(plan).toMatch(listIndexes)
      if (filter.sort && !filter.state) expect(plan).toContain(`users_by_${filter.sort.replace('-', '')}`)
    }
    const back = await planOf((db) => selectPreviousPage(db, admin, filter, somebody, 50))
    expect(back).not.toContain('Seq Scan on users')
  })

  test('is counted off an index', async () => {
    const plan = await planOf((db) => selectCounts(db, admin, filter, 10_000))
    expect(plan).not.toContain('Seq Scan on users')
    expect(plan).toMatch(/users_by_(status|role)|users_search_|users_with_temporary|users_never|users_pkey/)
  })
})

const searches: Record<string, [typed: string, index: string]> = {
  'a rare name': ['zeman 19983', 'users_search_text'],
  'two names in the other order, with an accent': ['wójcik lena', 'users_search_text'],
  'the beginning of a name': ['woj', 'users_search_text'],
  'two characters': ['wo', 'users_search_text'],
  'a whole address': ['ada.berg.20@seed.test', 'users_search_text'],
  'a part of an address': ['berg.20@', 'users_search_text'],
  'a whole number': ['+00 555 004321', 'users_search_phone'],
  'the last digits of a number': ['4321', 'users_search_phone'],
  'a name with an apostrophe that nobody has': ['o’neil', 'users_search_text'],
}

describe.each(Object.entries(searches))('a search for %s', (_, [typed, index]) => {
  test('is read off an index, and so is the number of hits', async () => {
    const hits = await planOf((db) => selectBestHits(db, admin, typed, 10))
    expect(hits).not.toContain('Seq Scan on users')
    expect(hits).toContain(index)
    expect(hits).toContain('users_search_name')
    const count = await planOf((db) => selectHitCount(db, admin, typed, 101))
    expect(count).not.toContain('Seq Scan on users')
    expect(count).toMatch(/users_search_(text|phone)/)
  })
})

test('a search for a name of many reads ten of them off an index, in their order, and nobody else', async () => {
  const plan = await planOf((db) => selectBestHits(db, admin, 'ada', 10), sql`explain (analyze, timing off)`)
  expect(plan).toMatch(/Index Scan using users_search_beginning .*rows=10(\.00)? loops/)
  const others = plan.split('\n').filter((line) => line.includes('Scan on users') && line.includes('Seq'))
  for (const line of others) expect(line).toContain('never executed')
})
