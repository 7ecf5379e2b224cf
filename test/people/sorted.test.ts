import { beforeAll, expect, test } from 'vitest'
import { one, run, sql } from '../../src/platform/db.ts'
import { z } from 'zod'
import { rowsOf } from '../support/csv.ts'
import { createTestApp } from '../support/test-app.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'
import type { TestUser } from '../support/people.ts'

const app = createTestApp()
let admin: HttpClient
let bea: TestUser
const list = '/fieldworkers?q=sort'

const names = async (address: string, client = admin) =>
  [
    ...(await client.get(address).expect(200)).text.matchAll(
      /<th scope="row">[\s\S]*?<a [^>]*>([^<]+)<\/a>/g,
    ),
  ].map(([, name]) => name)
const csvNames = async (query: string) =>
  rowsOf((await admin.get(`/fieldworkers.csv?${query}`)).text).map(({ name }) => name)
const put = (address: string) => list.replace('q=sort', `q=sort&${address}`)

beforeAll(async () => {
  admin = await app.as('admin')
  const person = (name: string, more = {}) => app.createUser({ name, role: 'Fieldworker', ...more })
  const ada = await person('Ada Sort')
  bea = await person('Bea Sort', { verified: false })
  const cid = await person('Cid Sort')
  await person('Dot Sort', { team: 'Harbour' })
  await run(
    app.db,
    sql`update users set last_sign_in_at = now() - interval '2 days', password_changed_at = now() - interval '1 day' where id = ${ada.id}`,
  )
  await run(
    app.db,
    sql`update users set last_sign_in_at = now() - interval '5 days', password_changed_at = now() - interval '9 days' where id = ${bea.id}`,
  )
  await run(
    app.db,
    sql`update users set last_sign_in_at = now(), password_changed_at = now() - interval '3 days',
          temporary_password_expires_at = now() + interval '5 hours' where id = ${cid.id}`,
  )
  await run(
    app.db,
    sql`update users set last_sign_in_at = null, password_changed_at = null where name = 'Dot Sort'`,
  )
})

test.each([
  ['name', 'Ada Bea Cid Dot'],
  ['-name', 'Dot Cid Bea Ada'],
  ['last_sign_in', 'Dot Bea Ada Cid'],
  ['-last_sign_in', 'Cid Ada Bea Dot'],
  ['password_changed', 'Dot Bea Cid Ada'],
  ['-password_changed', 'Ada Cid Bea Dot'],
  ['nonsense', 'Ada Bea Cid Dot'],
])('a list and its CSV are sorted by %s', async (sort, firstNames) => {
  const expected = firstNames.split(' ').map((first) => `${first} Sort`)
  expect(await names(put(`sort=${sort}`))).toEqual(expected)
  expect(await csvNames(`q=sort&sort=${sort}`)).toEqual(expected)
})

test('the header of a column says how the list is sorted, and sorts it the other way', async () => {
  const header = async (address: string, label: string) => {
    const { text } = await admin.get(address)
    const [, attributes = '', href = ''] =
      new RegExp(`<th scope="col"([^>]*)><a\\s+class="sort" href="([^"]+)">${label}<`).exec(text) ?? []
    return [/aria-sort="(\w+)"/.exec(attributes)?.[1], href.replaceAll('&amp;', '&')]
  }
  expect(await header(list, 'Name')).toEqual(['ascending', put('sort=-name')])
  expect(await header(put('sort=-name'), 'Name')).toEqual(['descending', list])
  expect(await header(list, 'Last sign-in')).toEqual([undefined, put('sort=-last_sign_in')])
  expect(await header(put('sort=-last_sign_in'), 'Last sign-in')).toEqual([
    'descending',
    put('sort=last_sign_in'),
  ])
  expect(await header(put('sort=last_sign_in'), 'Password changed')).toEqual([
    undefined,
    put('sort=-password_changed'),
  ])
})

test.each([
  'sort=last_sign_in',
  'sort=-last_sign_in',
  'sort=-name',
  'sort=-password_changed&state=unverified',
])('pages of fifty follow each other without a gap with %s, forwards and back', async (query) => {
  await run(
    app.db,
    sql`insert into users (name, email, role_id, status, last_sign_in_at, password_changed_at)
          select 'Page ' || n % 7, 'p' || n || '-' || gen_random_uuid() || '@pages.test', (select id from roles where name = 'Fieldworker'), 'active',
            case when n % 3 > 0 then now() - interval '1 hour' * (n % 10) end, now() - interval '1 day' * (n % 5)
          from generate_series(1, 120) n`,
  )
  const link = async (address: string, rel: string) =>
    new RegExp(`<a class="button" href="([^"]+)"\\s+rel="${rel}"`)
      .exec((await admin.get(address)).text)?.[1]
      ?.replaceAll('&amp;', '&') ?? ''
  const ids = async (address: string) =>
    [...(await admin.get(address)).text.matchAll(/name="ids" value="([^"]+)"/g)].map(([, id]) => id)
  const first = `/fieldworkers?q=pages.test&${query}`
  const second = await link(first, 'next')
  const third = await link(second, 'next')
  const seen = [await ids(first), await ids(second), await ids(third)]
  expect(seen.map((page) => page.length)).toEqual([50, 50, 20])
  expect(new Set(seen.flat()).size).toBe(120)
  expect(await csvIds(`q=pages.test&${query}`)).toEqual(seen.flat())
  expect(await link(third, 'prev')).toBe(second)
  expect((await ids(await link(second, 'prev'))).join()).toBe(seen[0]?.join())
  await run(app.db, sql`delete from users where email like '%@pages.test'`)
})
const csvIds = async (query: string) =>
  rowsOf((await admin.get(`/fieldworkers.csv?${query}`)).text).map(({ id }) => id)

test.each([
  ['temporary', ['Cid Sort']],
  ['never_signed_in', ['Dot Sort']],
  ['unverified', ['Bea Sort']],
  ['no_second_step', ['Ada Sort', 'Bea Sort', 'Cid Sort', 'Dot Sort']],
  ['nonsense', ['Ada Sort', 'Bea Sort', 'Cid Sort', 'Dot Sort']],
  ['locked', []],
])('a list, its CSV and its counts know the state %s', async (state, expected) => {
  expect(await names(put(`state=${state}`))).toEqual(expected)
  expect(await csvNames(`q=sort&state=${state}`)).toEqual(expected)
  const page = textOf((await admin.get(put(`state=${state}`))).text)
  expect(page).toContain(`${expected.length} ${expected.length === 1 ? 'person' : 'people'} found`)
  expect(page).toMatch(new RegExp(`All ${expected.length}\\b`))
})

test('locked are those whose profile says so: from the fifth wrong password until the wait is over or ended', async () => {
  const locked = put('state=locked')
  const titleOf = async () => textOf((await admin.get(`/fieldworkers/${bea.id}`)).text)
  const wrong = async (email: string, times: number) => {
    for (let i = 0; i < times; i++)
      await app.client().post('/sign-in', { email, password: 'not this one at all' }, '/sign-in')
  }
  await wrong(bea.email, 4)
  expect(await names(locked)).toEqual([])
  await wrong(bea.email, 1)
  await wrong('nobody@sorted.test', 5)
  expect(await titleOf()).toContain('Locked out')
  expect(await names(locked)).toEqual(['Bea Sort'])
  expect(await csvNames('q=sort&state=locked')).toEqual(['Bea Sort'])
  expect(await names(locked, await app.as('dispatcher'))).toEqual([])

  await run(app.db, sql`update password_failures set open_at = now() - interval '1 second'`)
  expect(await titleOf()).not.toContain('Locked out')
  expect(await names(locked)).toEqual([])

  await wrong(bea.email, 1)
  expect(await names(locked)).toEqual(['Bea Sort'])
  await admin.post(`/users/${bea.id}/unlock`, {}, `/fieldworkers/${bea.id}`)
  expect(await names(locked)).toEqual([])
})

test('an address that was guessed at before it was theirs locks them out, too', async () => {
  const move = async (email: string) => {
    const form = { name: 'Bea Sort', phone: '', email }
    return admin.post(`/users/${bea.id}/details`, form)
  }
  for (let i = 0; i < 5; i++)
    await app
      .client()
      .post('/sign-in', { email: 'guessed@sorted.test', password: 'not this one at all' }, '/sign-in')
  await move('guessed@sorted.test')
  const { email } = await one(
    app.db,
    z.object({ email: z.string() }),
    sql`select email from users where id = ${bea.id}`,
  )
  expect(email).toBe('guessed@sorted.test')
  expect(await names(put('state=locked'))).toEqual(['Bea Sort'])
})

test('state and order go along: with the pages, the search, the bulk form, all that match, and a campaign', async () => {
  const query = 'q=sort&state=never_signed_in&sort=-name'
  const { text } = await admin.get(`/fieldworkers?${query}`)
  const form = /<form class="bulk"[\s\S]*?<\/form>/.exec(text)?.[0] ?? ''
  for (const field of ['name="state" value="never_signed_in"', 'name="sort" value="-name"'])
    expect(form).toContain(field)
  const chosen = { all: '1', list: 'fieldworkers', q: 'sort', state: 'never_signed_in', sort: '-name' }
  const preview = await admin.post(
    '/fieldworkers/bulk',
    { ...chosen, action: 'block', preview: '1' },
    '/account',
  )
  expect(textOf(preview.text)).toContain('Block 1 person?')
  const campaign = await admin.post(
    '/fieldworkers/bulk',
    { ...chosen, action: 'campaign', preview: '1' },
    '/account',
  )
  expect(campaign.headers.location).toContain('state=never_signed_in')
  expect(textOf((await admin.get(campaign.headers.location ?? '')).text)).toContain('Dot')
  const done = await admin.post('/fieldworkers/bulk', { ...chosen, action: 'block' }, '/account')
  expect([done.status, done.headers.location]).toEqual([303, `/fieldworkers?${query}`])
  expect(await names('/fieldworkers?q=sort&status=blocked')).toEqual(['Dot Sort'])
  for (const wrong of [{ state: 'x' }, { sort: 'x' }]) {
    const refused = await admin.post(
      '/fieldworkers/bulk',
      { ...chosen, ...wrong, action: 'block' },
      '/account',
    )
    expect(refused.status).toBe(422)
  }
})

test('a heading counts what is shown: with a status chosen, not everybody', async () => {
  const page = textOf((await admin.get('/fieldworkers?q=sort&status=blocked')).text)
  expect(page).toContain('1 person found')
  expect(page).not.toContain('4 people')
  expect(textOf((await admin.get('/fieldworkers?status=blocked')).text)).not.toMatch(/\d people in \d/)
})

test('a second step is not offered as a state before there is one', async () => {
  const { text } = await admin.get('/fieldworkers')
  expect(text).toContain('<option value="locked">Locked out</option>')
  expect(text).not.toContain('no_second_step')
})
