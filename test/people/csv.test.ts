import { beforeAll, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import { rowsOf } from '../support/csv.ts'
import { createTestApp } from '../support/test-app.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const columns =
  'id,name,email,phone,team,role,status,email_verified_at,password_changed_at,last_sign_in_at,created_at'
const csv = async (by: HttpClient, address: string) => (await by.get(address)).text
const names = async (by: HttpClient, address: string) =>
  rowsOf(await csv(by, address)).map(({ name }) => name)
let admin: HttpClient

beforeAll(async () => {
  await app.createUser({ name: '=cmd|calc', role: 'Fieldworker', team: 'North', status: 'inactive' })
  await app.createUser({ name: 'Two "quoted", names', role: 'Fieldworker', team: 'Harbour' })
  await run(app.db, sql`update users set phone = '+44 20 7946 0018' where id = ${app.cast.sam.id}`)
  await run(
    app.db,
    sql`insert into users (name, email, role_id, status) select 'Page ' || lpad(n::text, 3, '0'), 'page' || n || '@paging.test',
          (select id from roles where name = 'Fieldworker'), 'active' from generate_series(1, 120) n`,
  )
  admin = await app.as('admin')
})

test('the CSV of a list holds everybody its filters show, on all pages, and no formula', async () => {
  const answer = await admin.get('/fieldworkers.csv')
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
  expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="fieldworkers-[\d-]+\.csv"$/)
  expect(answer.text.split('\r\n')[0]?.replaceAll('"', '')).toBe(`\ufeff${columns}`)
  const rows = rowsOf(answer.text)
  expect(rows).toHaveLength(124)
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(["'=cmd|calc", 'Two "quoted", names']))
  const sam = rows.find(({ id }) => id === app.cast.sam.id)
  expect(sam).toMatchObject({
    team: 'North',
    status: 'active',
    phone: "'+44 20 7946 0018",
    role: 'Fieldworker',
  })
  expect(sam?.email_verified_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

  expect(await names(admin, '/fieldworkers.csv?status=inactive')).toEqual(["'=cmd|calc"])
  expect(await names(admin, '/fieldworkers.csv?q=page+01&after=nonsense')).toHaveLength(10)
  expect(await names(admin, '/fieldworkers.csv?q=%27%3B+drop+table+users%3B--')).toEqual([])
  expect((await admin.get('/fieldworkers?status=inactive')).text).toContain(
    'href="/fieldworkers.csv?status=inactive"',
  )
})

test('that of the users holds everybody, with their role; a password is in neither', async () => {
  expect(await names(admin, '/settings/company/users.csv?q=owner@firm.test')).toEqual(['Olivia Owner'])
  expect(await csv(admin, '/settings/company/users.csv')).not.toContain('argon2')
})

test('a role for one team gets its own people alone', async () => {
  const dispatcher = await app.as('dispatcher')
  expect(await names(dispatcher, '/fieldworkers.csv')).toEqual(["'=cmd|calc", 'Sam Field'])
  expect(await names(dispatcher, '/settings/company/users.csv?q=owner')).toEqual([])
})

test('each is in the log, with its filter, and leads to its page from another site', async () => {
  await csv(admin, '/settings/company/users.csv?status=inactive')
  const page = textOf((await admin.get('/activity-log?event=list_exported')).text)
  expect(page).toMatch(/Dana Admin exported 1 person.*?The list of users, filtered\./s)
  const from = await admin.get('/fieldworkers.csv?q=sam').set('Sec-Fetch-Site', 'cross-site')
  expect([from.status, from.headers.location]).toEqual([303, '/fieldworkers?q=sam'])
})

test('it asks for the password when that was long ago, does nothing for a look at its head, and has a limit', async () => {
  expect((await admin.head('/fieldworkers.csv')).status).toBe(405)
  await run(app.db, sql`update sessions set reauthenticated_at = now() - interval '31 minutes'`)
  expect((await admin.get('/fieldworkers.csv')).headers.location).toContain('/confirm-password')
  const owner = await app.as('owner')
  for (let i = 0; i < 30; i++) expect((await owner.get('/fieldworkers.csv?q=sam')).status).toBe(200)
  const often = await owner.get('/fieldworkers.csv?q=sam')
  expect([often.status, Number(often.headers['retry-after']) > 0]).toEqual([429, true])
})
