import supertest from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createApp } from '../../src/app.ts'
import { Db, one, run, sql } from '../../src/platform/db.ts'
import { address, routesOf } from '../support/routes.ts'
import { createTestApp } from '../support/test-app.ts'
import { password } from '../support/people.ts'
import { HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const settings = { BASE_URL: 'https://keys.acme.test' }

beforeEach(() => run(app.db, sql`delete from rate_limits`))

/** An answer of each kind: pages, refusals, ways on, files, what machines ask for, and when the database is away. */
async function everyKind() {
  const config = app.configWith(settings)
  const expressApp = createApp({ db: app.db, config })
  const away = createApp({ db: new Db('postgres://nobody@127.0.0.1:1/none'), config })
  const breaking = new Db(app.connectionString)
  await breaking.close()
  const broken = createApp({ db: breaking, config })
  return {
    'a page': await supertest(expressApp).get('/sign-in'),
    'a way on': await supertest(expressApp).get('/fieldworkers'),
    'an invalid link': await supertest(expressApp).get(`/reset-password/${'x'.repeat(43)}`),
    'a refusal': await supertest(expressApp).post('/sign-in').send('email=x'),
    'too much': await supertest(expressApp)
      .post('/sign-in')
      .type('form')
      .send(`a=${'x'.repeat(20_000)}`),
    nonsense: await supertest(expressApp).get('/reset-password/%'),
    'a file': await supertest(expressApp).get('/app.css'),
    'a script': await supertest(expressApp).get('/app.js'),
    health: await supertest(expressApp).get('/healthz'),
    'a report': await supertest(expressApp).post('/csp-report').type('application/csp-report').send('{}'),
    'no database': await supertest(away).get('/sign-in'),
    'a fault of ours': await supertest(broken).get('/sign-in'),
  }
}

test('rows 94–99, ASVS 3.4: HSTS, nosniff, Referrer-Policy, no frames and no other origins, on every kind of answer', async () => {
  const kinds = await everyKind()
  const statuses = Object.entries(kinds).map(([kind, { status }]) => [kind, status])
  expect(Object.fromEntries(statuses)).toEqual({
    ...{ 'a page': 200, 'a way on': 303, 'an invalid link': 410, 'a refusal': 403, 'too much': 413 },
    ...{ nonsense: 400, 'a file': 200, 'a script': 200, health: 200, 'a report': 204 },
    ...{ 'no database': 503, 'a fault of ours': 500 },
  })
  for (const [kind, { headers }] of Object.entries(kinds)) {
    expect({ kind, ...headers }).toMatchObject({
      ...{ kind, 'strict-transport-security': 'max-age=63072000; includeSubDomains' },
      ...{ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'x-frame-options': 'DENY' },
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
    })
    expect([kind, Object.keys(headers).filter((name) => name.startsWith('access-control-'))]).toEqual([
      kind,
      [],
    ])
  }
})

test('row 95, ASVS 3.4.2: another origin is allowed nothing, with or without a preflight', async () => {
  const foreign = { Origin: 'https://evil.test', 'Access-Control-Request-Method': 'POST' }
  for (const path of ['/sign-in', '/healthz', '/app.js', '/account/password', '/activity-log.csv'])
    for (const answer of [
      await supertest(app.express).get(path).set(foreign),
      await supertest(app.express).options(path).set(foreign),
    ])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
})

test('row 96, ASVS 3.4.3: the content security policy is exactly this one, with a new nonce each time', async () => {
  const written = (nonce: string) =>
    `default-src 'none';script-src 'self' 'nonce-${nonce}';style-src 'self';img-src 'self';font-src 'self';` +
    `connect-src 'self';manifest-src 'self';form-action 'self';base-uri 'none';object-src 'none';` +
    `frame-ancestors 'none';require-trusted-types-for 'script';report-uri /csp-report;report-to csp`
  const nonces: string[] = []
  for (const path of ['/sign-in', '/sign-in', '/nowhere', '/account']) {
    const { headers } = await (await app.as('sam')).get(path)
    const policy = String(headers['content-security-policy'])
    const nonce = /'nonce-([\w-]{22})'/.exec(policy)?.[1] ?? ''
    expect(policy).toBe(written(nonce))
    expect(headers['reporting-endpoints']).toBe('csp="/csp-report"')
    nonces.push(nonce)
  }
  expect(new Set(nonces).size).toBe(4)
})

test('rows 99, 102 and 124, ASVS 3.2.1, 5.4: a download is named by the server, and opens as nothing but a file', async () => {
  const owner = await app.as('owner')
  const asked = '?filename=%22%0d%0aX-Evil:%20y'
  const files = {
    '/activity-log.csv': [
      'text/csv; charset=utf-8; header=present',
      /^attachment; filename="activity-\d{8}\.csv"$/,
    ],
    '/activity-log/evidence.zip': ['application/zip', /^attachment; filename="[\w.-]+\.zip"$/],
    '/fieldworkers.csv': [
      'text/csv; charset=utf-8; header=present',
      /^attachment; filename="fieldworkers-[\d-]{10}\.csv"$/,
    ],
    '/settings/company/users.csv': [
      'text/csv; charset=utf-8; header=present',
      /^attachment; filename="users-[\d-]{10}\.csv"$/,
    ],
  } as const
  for (const [path, [type, disposition]] of Object.entries(files)) {
    const { status, headers } = await owner.get(path + asked)
    expect([path, status, headers['content-type']]).toEqual([path, 200, type])
    expect(headers['content-disposition']).toMatch(disposition)
    expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox; frame-ancestors 'none'")
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' })
    expect(headers['x-evil']).toBeUndefined()
  }
  const { headers } = await owner.get('/activity-log/people?q=sam')
  expect(headers).toMatchObject({
    ...{ 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' },
    'content-security-policy': expect.stringContaining("default-src 'none'") as string,
  })
})

describe('anti-forgery', () => {
  test('row 103, ASVS 3.5.1: a token from before sign-in is not accepted afterwards', async () => {
    const client = app.client()
    const early = await client.token('/sign-in')
    await client.postBare('/sign-in', { _csrf: early, email: app.cast.sam.email, password })
    expect((await client.postBare('/sign-out', { _csrf: early })).status).toBe(403)
    expect((await client.get('/account')).status).toBe(200)
  })

  test.each([
    ['from a sister site', { 'Sec-Fetch-Site': 'same-site' }, 403],
    ['from another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['from nowhere', { 'Sec-Fetch-Site': 'none' }, 403],
    ['from another origin', { Origin: 'https://evil.test' }, 403],
    ['from an origin that hides', { Origin: 'null' }, 403],
    ['from our own page', { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost:3000' }, 303],
    ['from our own origin', { Origin: 'http://localhost:3000' }, 303],
    ['from a browser that says nothing of it', {}, 303],
  ])('row 105: a form %s, with a valid token', async (_, headers, status) => {
    const client = await app.as('sam')
    const _csrf = await client.token('/account')
    expect((await client.postBare('/sign-out', { _csrf }).set(headers)).status).toBe(status)
  })
})

test('row 104, ASVS 3.5.3: no action is done by HEAD or OPTIONS, nor by method override', async () => {
  const client = await app.as('owner')
  const _csrf = await client.token('/account/password')
  const cookie = client.cookies()
  const held = () =>
    one(
      app.db,
      z.record(z.string(), z.string().nullable()),
      sql`select (select count(*)::text from activity_log) as entries, (select count(*)::text from emails) as emails,
            (select md5(string_agg(u::text, '' order by id)) from users u) as users,
            (select md5(string_agg(id::text || coalesce(ended_at::text, ''), '' order by id)) from sessions) as sessions`,
    )
  const before = await held()
  const ask = supertest(app.express)
  for (const route of routesOf(app.express).filter(({ method }) => method === 'POST')) {
    const to = address(route, app.cast.sam.id)
    const disguise = { Cookie: cookie, 'X-HTTP-Method-Override': 'POST', 'X-Method-Override': 'POST' }
    for (const asked of [
      ask.head(to),
      ask.options(to),
      ask.get(`${to}?_method=POST&_csrf=${encodeURIComponent(_csrf)}&status=blocked`),
      ask.put(to).type('form').send({ _csrf, _method: 'POST', status: 'blocked' }),
      ask.patch(to).type('form').send({ _csrf, _method: 'POST', status: 'blocked' }),
      ask.delete(to).type('form').send({ _csrf, _method: 'POST' }),
    ])
      expect((await asked.set(disguise).redirects(0)).status).toBeLessThan(500)
  }
  expect(await held()).toEqual(before)
})

test('row 108, ASVS 3.7.2: no redirect back leads to another site', async () => {
  const traps = [
    'https://evil.test',
    '//evil.test',
    '/\\evil.test',
    '/..//evil.test',
    '/\t/evil.test',
    'javascript:alert(1)',
  ]
  const admin = await app.as('admin')
  const { sam } = app.cast
  for (const trap of traps) {
    const step = await admin.post('/confirm-password', { password, next: trap })
    expect([trap, step.headers.location]).toEqual([trap, '/'])
    const sent = await admin.post(`/users/${sam.id}/sessions/end`, { returnTo: trap }, '/account/password')
    expect([trap, sent.status, sent.headers.location]).toEqual([
      trap,
      303,
      expect.stringMatching(/^\/(?![/\\])/),
    ])
    expect(sent.headers.location).not.toContain('evil')
  }
  const { text } = await new HttpClient(app.express).get('/sign-in?next=https://evil.test')
  expect(text).not.toMatch(/(href|action)="[^"]*evil/)
})
