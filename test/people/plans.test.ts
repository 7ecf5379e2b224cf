import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Actor } from '../../src/access/actor.ts'
import { seed } from '../../src/embedded/demo/seed.ts'
import { Db, one, sql, type Queryable, type Sql } from '../../src/platform/db.ts'
import { minimumStrength } from '../../src/auth/passwords/hash.ts'
import type { PeopleFilter } from '../../src/people/filter.ts'
import { selectCounts, selectPreviousPage, selectUsers } from '../../src/people/list/queries.ts'
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
async function planOf(ask: (db: Queryable) => Promise<unknown>): Promise<string> {
  const plans: string[] = []
  const explaining = {
    async query(statement: Sql) {
      const { rows } = await app.db.query(sql`explain ${statement}`)
      plans.push(...(rows as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN']))
      return { rows: [] }
    },
  } as unknown as Queryable
  await ask(explaining)
  return plans.join('\n')
}

const filters: Record<string, PeopleFilter> = {
  'of everybody': {},
  'of fieldworkers': { kind: 'fieldworker' },
  'of a search': { q: 'brandt 19' },
}

describe.each(Object.entries(filters))('the list %s', (_, filter) => {
  test('is read off an index, wherever a page begins', async () => {
    for (const after of [undefined, somebody]) {
      const plan = await planOf((db) => selectUsers(db, admin, { ...filter, after }, 51))
      expect(plan).not.toContain('Seq Scan on users')
      expect(plan).toMatch(/users_by_name|users_search/)
    }
    const back = await planOf((db) => selectPreviousPage(db, admin, filter, somebody, 50))
    expect(back).not.toContain('Seq Scan on users')
  })

  test('is counted off an index', async () => {
    const plan = await planOf((db) => selectCounts(db, admin, filter, 10_000))
    expect(plan).not.toContain('Seq Scan on users')
    expect(plan).toMatch(/users_by_(status|role)|users_search/)
  })
})
