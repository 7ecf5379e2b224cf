import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { queriesOf } from '../support/queries.ts'
import type { HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let owner: HttpClient
beforeAll(async () => {
  owner = await app.as('owner')
  await owner.get('/account/password') // the first page with a form gives the session its token
})

/** Who is asking takes two, the rest is the page's own. Those of a list do not wait for each other. */
const pages = [
  ['/account', 4],
  ['/account/password', 3],
  ['/account/activity', 3],
  ['/account/sessions', 3],
  ['/m', 4],
  ['/today', 8],
  ['/fieldworkers', 6],
  ['/fieldworkers?q=a&status=active', 6],
  ['/settings/company/users', 7],
  ['/people.json?q=sam', 4],
  ['/activity-log', 7],
  ['/activity-log?event=sign_in', 7],
  ['/email-log', 3],
  ['/campaigns', 3],
  ['/settings/company/roles', 3],
  ['/settings/company/security', 3],
  ['/settings/company/teams', 3],
] as const

const queriesOfPage = (page: string) => queriesOf(app.db, () => owner.get(page).expect(200))

describe('a page asks the database no more often than it must', () => {
  test.each(pages)('%s: %i queries', async (page, most) => {
    expect(await queriesOfPage(page)).toBe(most)
  })

  test('a stranger’s asks for the company alone', async () => {
    const stranger = app.client()
    for (let visit = 0; visit < 2; visit++)
      expect(await queriesOf(app.db, () => stranger.get('/sign-in').expect(200))).toBe(1)
  })

  test('and no more often for many rows than for few', async () => {
    for (let i = 0; i < 30; i++)
      await app.createUser({ name: `Worker ${i}`, role: 'Fieldworker', team: 'North' })
    for (let i = 0; i < 10; i++) await app.as('sam')
    for (const [page, most] of pages) expect(await queriesOfPage(page), page).toBe(most)
  })
})

test('reading pages writes nothing down about who is signed in', async () => {
  const kept = () =>
    many(
      app.db,
      z.object({ row: z.string() }),
      sql`select s::text as row from sessions s union all select d::text from session_data d order by row`,
    )
  const before = await kept()
  for (const [page] of pages) await owner.get(page).expect(200)
  expect(await kept()).toEqual(before)
})
