import { beforeAll, describe, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const names = async (client: HttpClient, address: string) =>
  [...(await client.get(address)).text.matchAll(/<th scope="row">[\s\S]*?<a [^>]*>([^<]+)<\/a>/g)].map(
    ([, name]) => name,
  )

beforeAll(async () => {
  await app.createUser({ name: 'Émile Zola', role: 'Fieldworker', team: 'North' })
  await app.createUser({ name: 'bo Bloch', role: 'Fieldworker', team: 'Harbour', status: 'blocked' })
  await app.createUser({ name: 'Ina Inactive', role: 'Fieldworker', team: 'Harbour', status: 'inactive' })
  await app.createUser({ name: 'Una Unverified', role: 'Fieldworker', verified: false })
})

describe('the list of fieldworkers', () => {
  test('holds fieldworkers alone, by name as people sort it', async () => {
    const admin = await app.as('admin')
    expect(await names(admin, '/fieldworkers')).toEqual([
      ...['bo Bloch', 'Émile Zola', 'Ina Inactive', 'Otto Harbour', 'Sam Field', 'Una Unverified'],
    ])
  })

  test('that is empty says how to begin to who may add people, and to nobody else', async () => {
    await run(
      app.db,
      sql`insert into roles (name, kind, scope, permissions) values ('Lead', 'office', 'team', ${['users.view', 'users.manage']})`,
    )
    const newcomers = { team: 'Crew to be' }
    const lead = await app.signIn(await app.createUser({ name: 'Lea Lead', role: 'Lead', ...newcomers }))
    const looker = await app.signIn(
      await app.createUser({ name: 'Del Desk', role: 'Dispatcher', ...newcomers }),
    )
    const [first, other] = [await lead.get('/fieldworkers'), await looker.get('/fieldworkers')]
    for (const { text } of [first, other]) expect(textOf(text)).toContain('Nobody here yet')
    expect(textOf(first.text)).toContain('Add the first')
    expect(first.text).toMatch(/<section class="empty">[^]*href="\/fieldworkers\/import"/)
    expect(textOf(other.text)).not.toMatch(/Add the first|Import a file/)
  })

  test.each([
    ['part of a name', '?q=mil', ['Émile Zola']],
    ['an address', '?q=SAM%40firm', ['Sam Field']],
    ['a status', '?status=blocked', ['bo Bloch']],
    ['an unverified address', '?verified=no', ['Una Unverified']],
    ['several filters', '?status=inactive&q=ina', ['Ina Inactive']],
    ['signs that mean something to a database', '?q=%25', []],
    ['nonsense, as if it were not there', '?status=x&team=y&after=z&q=%00', ['bo Bloch']],
  ])('can be asked for %s', async (_, query, expected) => {
    const found = await names(await app.as('admin'), `/fieldworkers${query}`)
    if (query.includes('nonsense') || query.includes('status=x')) expect(found).toHaveLength(6)
    else expect(found).toEqual(expected)
  })

  test('can be asked for a team, and each filter keeps the others in its address', async () => {
    const admin = await app.as('admin')
    const { rows } = await app.db.query(sql`select id from teams where name = 'Harbour'`)
    const team = (rows[0] as { id: string }).id
    expect(await names(admin, `/fieldworkers?team=${team}`)).toEqual([
      'bo Bloch',
      'Ina Inactive',
      'Otto Harbour',
    ])
    const { text } = await admin.get(`/fieldworkers?team=${team}&q=o`)
    expect(text.replaceAll('&amp;', '&')).toContain(`/fieldworkers?q=o&status=blocked&team=${team}`)
  })

  test('says what was looked for when nobody matches, and offers a way on', async () => {
    const page = textOf((await (await app.as('admin')).get('/fieldworkers?q=lindqvist')).text)
    expect(page).toContain('Nobody matches “lindqvist”')
  })

  test('shows a dispatcher their own team alone, whatever the address asks for', async () => {
    const dispatcher = await app.as('dispatcher')
    expect(await names(dispatcher, '/fieldworkers')).toEqual(['Émile Zola', 'Sam Field'])
    expect(await names(dispatcher, '/fieldworkers?q=otto')).toEqual([])
    const { otto, sam } = app.cast
    expect((await dispatcher.get(`/fieldworkers/${sam.id}`)).status).toBe(200)
    expect((await dispatcher.get(`/fieldworkers/${otto.id}`)).status).toBe(403)
  })

  test('what people are called is shown, never run', async () => {
    const name = '"><svg onload=alert(1)>'
    await run(app.db, sql`update users set name = ${name} where name = 'Una Unverified'`)
    const { text } = await (await app.as('admin')).get('/fieldworkers?q=onload')
    expect(text).not.toContain('<svg onload')
    expect(text).toContain('&lt;svg onload=alert(1)&gt;')
    await run(app.db, sql`update users set name = 'Una Unverified' where name = ${name}`)
  })
})

test('pages of fifty follow each other without a gap, forwards and back', async () => {
  await run(
    app.db,
    sql`insert into users (name, email, role_id, status) select 'Page ' || lpad(n::text, 3, '0'), 'page' || n || '@paging.test',
          (select id from roles where name = 'Fieldworker'), 'active' from generate_series(1, 120) n`,
  )
  const admin = await app.as('admin')
  const link = async (address: string, label: string) => {
    const { text } = await admin.get(address)
    const found = [...text.matchAll(/<a class="button"[^>]*href="([^"]+)"[^>]*>([\s\S]*?)<\/a>/g)]
    return found.find(([, , inside]) => inside?.includes(label))?.[1]?.replaceAll('&amp;', '&')
  }
  const first = '/fieldworkers?q=page'
  const second = (await link(first, 'Next')) ?? ''
  const third = (await link(second, 'Next')) ?? ''
  const seen = [await names(admin, first), await names(admin, second), await names(admin, third)]
  expect(seen.map((page) => page.length)).toEqual([50, 50, 20])
  expect(new Set(seen.flat()).size).toBe(120)
  expect(await link(third, 'Next')).toBeUndefined()
  expect(await link(third, 'Previous')).toBe(second)
  expect(await link(second, 'Previous')).toBe(first)
})

describe('the list of users', () => {
  test('holds everyone, with their role', async () => {
    const page = textOf((await (await app.as('admin')).get('/settings/company/users?q=firm.test')).text)
    for (const role of ['Owner', 'Admin', 'Dispatcher', 'Auditor', 'Fieldworker'])
      expect(page).toContain(role)
  })

  test('offers a change of password only where it may be done', async () => {
    const { text } = await (await app.as('admin')).get('/settings/company/users?q=firm.test')
    expect(text).toContain(`/users/${app.cast.dispatcher.id}/password`)
    expect(text).not.toContain(`/users/${app.cast.owner.id}/password`)
    expect(text).not.toContain(`/users/${app.cast.admin.id}/password`)
  })
})
