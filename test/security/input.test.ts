import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/platform/db.ts'
import { address, routesOf, type Route } from '../support/routes.ts'
import { files } from '../support/files.ts'
import { createTestApp } from '../support/test-app.ts'
import { password, type TestUser } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const payload = `"><svg onload=alert(1)>'-alert(1)-'</script>`

let owner: HttpClient
beforeAll(async () => {
  owner = await app.as('owner')
})
beforeEach(() => run(app.db, sql`delete from rate_limits`))

const People = z.object({ people: z.string(), roles: z.string().nullable() })
/** Who there is, and who holds and may do what. */
const everybody = () =>
  one(
    app.db,
    People,
    sql`select (select string_agg(concat_ws(' ', id, email, status, role_id, password_hash), ',' order by id) from users) as people,
          (select string_agg(r::text, ',' order by id) from roles r) as roles`,
  )

test('row 109, ASVS 1.2.1: names and user agents are shown as text, on pages and in emails', async () => {
  const who = await app.createUser({ name: 'Evelyn Plain', role: 'Fieldworker' })
  await run(app.db, sql`update users set name = ${payload} where id = ${who.id}`)
  const device = await app.client(`Mozilla/5.0 ${payload}`).signIn(who.email, password)
  const fields = { newPassword: 'violin trunk harvest 58', confirmPassword: 'violin trunk harvest 58' }
  const back = `/fieldworkers/${who.id}`
  await owner.post(`/users/${who.id}/password`, { ...fields, returnTo: back })
  const pages = [
    await owner.get(back),
    await owner.get(back),
    ...[
      await owner.get('/settings/company/users'),
      await owner.get('/activity-log'),
      await owner.get('/email-log'),
    ],
    await owner.get(`/fieldworkers?q=${encodeURIComponent(payload)}`),
    ...[await device.get('/account'), await device.get('/account/sessions')],
  ].map(({ text }) => text)
  const emails = (await app.emailsTo(who)).map(({ html }) => html)
  expect(emails.length).toBeGreaterThan(0)
  expect(textOf(pages[0] ?? '')).toContain('Password changed for')
  for (const html of [...pages, ...emails]) {
    expect(html).not.toMatch(/<svg onload|'-alert\(1\)-'/)
  }
  for (const html of emails) expect(html).not.toContain('<svg')
  expect(pages[0]).toContain('&#34;&gt;&lt;svg onload=alert(1)&gt;')
  expect(/<title>([^<]*)/.exec(pages[1] ?? '')?.[1]).toContain('&lt;svg onload')
})

test('row 111, ASVS 1.2.4: no filter, order or page reaches the database as SQL', async () => {
  const before = await everybody()
  for (const path of [
    '/fieldworkers',
    '/settings/company/users',
    '/activity-log',
    '/email-log',
    '/campaigns',
  ])
    for (const injection of [
      `' OR 1=1--`,
      `name;DROP TABLE users`,
      `\\'; delete from users; --`,
      `1) union select 1--`,
    ])
      for (const field of [
        'q',
        'status',
        'team',
        'after',
        'sort',
        'order',
        'to',
        'actor',
        'ip',
        'page',
        'limit',
      ]) {
        const { status } = await owner.get(`${path}?${field}=${encodeURIComponent(injection)}`)
        expect([path, field, status < 500]).toEqual([path, field, true])
      }
  for (const odd of ['page=-1', 'limit=1e9', 'after=-1', 'limit=-1'])
    expect((await owner.get(`/fieldworkers?${odd}`)).status).toBe(200)
  expect((await owner.get(`/fieldworkers?q=${encodeURIComponent(`' OR 1=1--`)}`)).text).not.toContain(
    'Sam Field',
  )
  expect(await everybody()).toEqual(before)
})

test('row 113, ASVS 1.3.7: no input becomes an option of the templates, or a template', async () => {
  const outside = globalThis as { planted?: boolean }
  const code = 'x;globalThis.planted=true;//'
  const query = [
    'settings[view options][outputFunctionName]',
    'settings[view options][client]',
    'outputFunctionName',
  ]
    .concat(['_locals', 'cache', 'filename', 'escapeFunction', 'layout'])
    .map((name) => `${encodeURIComponent(name)}=${encodeURIComponent(code)}`)
    .join('&')
  const stranger = app.client()
  expect((await stranger.get(`/sign-in?${query}`)).status).toBe(200)
  const _csrf = await stranger.token('/sign-in')
  const body = `_csrf=${encodeURIComponent(_csrf)}&email=x&password=&${query}`
  expect((await stranger.postRaw('/sign-in', 'application/x-www-form-urlencoded', body)).status).toBe(422)
  const who = await app.createUser({ name: 'Evelyn Plain', role: 'Fieldworker' })
  await run(app.db, sql`update users set name = '<%= process.pid %>' where id = ${who.id}`)
  expect((await owner.get(`/fieldworkers/${who.id}`)).text).toContain('&lt;%= process.pid %&gt;')
  expect(outside.planted).toBeUndefined()
})

/** Every field that a form here has. */
const fields = new Set(
  [...files('views', /\.ejs$/).values()].flatMap((view) =>
    [...view.matchAll(/\b(?:name|id)[=:] ?["'](\w+)["']/g)].map(([, name = '']) => name),
  ),
)
const filters = ['category', 'event', 'actor', 'about', 'from', 'to', 'ip', 'template', 'q', 'after', 'role']
// These actions need no field, so that any input is fine; they are not tested here.
const without = ['POST /sign-out', 'POST /csp-report', 'POST /account/sessions/end-others']
const named = ({ method, path }: Route) => `${method} ${path}`

describe('all input is validated, and nothing breaks', () => {
  test('row 125: a NUL byte in every field of every form', async () => {
    expect(fields.size).toBeGreaterThan(40)
    const before = await everybody()
    const nuls = Object.fromEntries(
      [...fields].filter((field) => field !== '_csrf').map((field) => [field, 'a\0b']),
    )
    for (const route of routesOf(app.express).filter(
      (each) => each.method === 'POST' && !without.includes(named(each)),
    )) {
      await run(app.db, sql`delete from rate_limits`)
      const { status } = await owner.post(address(route, app.cast.sam.id), nuls, '/account/password')
      expect([named(route), status < 500]).toEqual([named(route), true])
    }
    expect(await everybody()).toEqual(before)
  })

  test('row 125: a NUL byte in place of an id, and in every filter of every page', async () => {
    const asked = [...fields, ...filters].map((field) => `${field}=a%00b`).join('&')
    for (const route of routesOf(app.express).filter(({ method }) => method === 'GET'))
      for (const to of [address(route, 'a%00b'), `${address(route, app.cast.sam.id)}?${asked}`])
        expect([named(route), (await owner.get(to)).status < 500]).toEqual([named(route), true])
  })

  test.each(['{"email":{"$ne":1},"password":["a"]}', '{"email":true,"password":1e999}', '[]', 'null', '{'])(
    'row 121: the body %s signs nobody in',
    async (body) => {
      const stranger = app.client()
      const token = await stranger.token('/sign-in')
      const answer = await stranger.postRaw('/sign-in', 'application/json', body).set('x-csrf-token', token)
      expect(answer.status).toBe(422)
    },
  )

  test.each([
    ['a status that is none', (who: TestUser) => `/users/${who.id}/status`, { status: 'king' }],
    ['a role that is none', (who: TestUser) => `/users/${who.id}/role`, { roleId: 'Owner' }],
    ['an unknown bulk action', () => '/fieldworkers/bulk', { action: 'explode' }],
  ])('row 116: %s is refused with 422', async (_, to, sent) => {
    const before = await everybody()
    expect(
      (await owner.post(to(app.cast.sam), { ...sent, ids: app.cast.sam.id }, '/account/password')).status,
    ).toBe(422)
    expect(await everybody()).toEqual(before)
  })
})

test('row 122, ASVS 15.3.6: no form and no report changes the prototype of objects', async () => {
  const before = Object.getOwnPropertyNames(Object.prototype)
  const token = await owner.token('/account/password')
  const polluting = [
    '__proto__[role]=owner',
    '__proto__.role=owner',
    'constructor[prototype][role]=owner',
    '__proto__=owner',
  ]
  for (const sent of polluting)
    for (const to of ['/sign-in', '/fieldworkers/new', '/campaigns'])
      await owner.postRaw(
        to,
        'application/x-www-form-urlencoded',
        `_csrf=${encodeURIComponent(token)}&${sent}`,
      )
  await owner.get('/fieldworkers?__proto__[role]=owner&constructor[prototype][role]=owner')
  const report = '{"__proto__":{"role":"owner"},"constructor":{"prototype":{"role":"owner"}}}'
  expect((await owner.postRaw('/csp-report', 'application/json', report)).status).toBe(204)
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  expect(({} as { role?: string }).role).toBeUndefined()
  expect((await (await app.as('sam')).get('/fieldworkers')).status).toBe(403)
})

test('row 123, ASVS 15.3.7: a field counts once, from the body alone, and an id from the path alone', async () => {
  const { sam, otto } = app.cast
  const stranger = app.client()
  const token = async () => encodeURIComponent(await stranger.token('/sign-in'))
  const right = `email=${sam.email}&password=${encodeURIComponent(password)}`
  const urlencoded = 'application/x-www-form-urlencoded'
  const twice = await stranger.postRaw(
    '/sign-in',
    urlencoded,
    `_csrf=${await token()}&${right}&password=wrong`,
  )
  expect(twice.status).toBe(422)
  const inAddress = await stranger.postRaw(
    `/sign-in?${right}`,
    urlencoded,
    `_csrf=${await token()}&email=${sam.email}`,
  )
  expect(inAddress.status).toBe(422)
  const fields = { id: otto.id, userId: otto.id, status: 'inactive' }
  await owner.post(`/users/${sam.id}/status?id=${otto.id}`, fields, '/account/password')
  const statuses = sql`select string_agg(status, ' ' order by email) as statuses from users where id in (${sam.id}, ${otto.id})`
  expect(await one(app.db, z.object({ statuses: z.string() }), statuses)).toEqual({
    statuses: 'active inactive',
  })
})
