import { beforeAll, expect, test, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { CachedCompany } from '../../src/company/cached-company.ts'
import { run, sql } from '../../src/platform/db.ts'
import { HttpClient } from '../support/http-client.ts'
import { queriesOf, waitsFor } from '../support/queries.ts'
import { createTestApp } from '../support/test-app.ts'
import { password } from '../support/people.ts'

const app = createTestApp()
let stranger: HttpClient
let admin: HttpClient
beforeAll(async () => {
  const config = app.configWith()
  const express = createApp({ db: app.db, config, company: new CachedCompany(app.db, config) })
  stranger = new HttpClient(express)
  admin = await new HttpClient(express).signIn(app.cast.admin.email, password)
})

/** The sign-in page, and how often the database was asked for it. */
async function signInPage() {
  let text = ''
  const queries = await queriesOf(app.db, async () => {
    text = (await stranger.get('/sign-in').expect(200)).text
  })
  return { text, queries }
}
const untilKept = () => vi.waitFor(async () => expect((await signInPage()).queries).toBe(0))
const setPhone = (phone: string) => run(app.db, sql`update company set office_phone = ${phone}`)

test('a page before sign-in asks the database for nothing', async () => {
  await untilKept()
  expect((await signInPage()).queries).toBe(0)
})

test.each(['/account', '/m', '/fieldworkers', '/settings/company/users', '/activity-log'])(
  '%s waits for the database twice: for who asks, then for all that it shows',
  async (page) => {
    await untilKept()
    for (let visit = 0; visit < 2; visit++) await admin.get(page).expect(200)
    expect(await waitsFor(app.db, () => admin.get(page).expect(200))).toBe(2)
  },
)

test('a setting that another process saved is on the next page', async () => {
  await untilKept()
  await setPhone('020 7946 0001')
  await vi.waitFor(async () => expect((await signInPage()).text).toContain('020 7946 0001'))
  await untilKept()
})

test('while the database cannot announce a change, each page reads the settings', async () => {
  await untilKept()
  await run(
    app.db,
    sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and query like 'listen company_changed%'`,
  )
  await vi.waitFor(async () => expect((await signInPage()).queries).toBe(1), { interval: 1 })
  await setPhone('020 7946 0002')
  expect(await signInPage()).toMatchObject({ text: expect.stringContaining('020 7946 0002') as string })
})

test('and it keeps them again once it can', async () => {
  await vi.waitFor(untilKept, { timeout: 5_000 })
  await setPhone('020 7946 0003')
  await vi.waitFor(async () => expect((await signInPage()).text).toContain('020 7946 0003'))
})
