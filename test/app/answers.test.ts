import supertest from 'supertest'
import { describe, expect, test, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { Db, sql } from '../../src/platform/db.ts'
import { log } from '../../src/platform/log.ts'
import { createTestApp } from '../support/test-app.ts'
import { HttpClient, textOf } from '../support/http-client.ts'

const app = createTestApp()
const secure = () => {
  const config = app.configWith({
    BASE_URL: 'https://keys.acme.test',
    TRUST_PROXY: '1',
  })
  return new HttpClient(createApp({ db: app.db, config }))
}

describe('every answer', () => {
  test.each(['/sign-in', '/nowhere', '/healthz', '/app.css', '/fieldworkers'])(
    '%s carries the headers',
    async (address) => {
      const { headers } = await app.client().get(address)
      const policy = String(headers['content-security-policy'])
      for (const directive of [
        ...[
          "default-src 'none'",
          "style-src 'self'",
          "base-uri 'none'",
          "object-src 'none'",
          "frame-ancestors 'none'",
        ],
        ...[
          "form-action 'self'",
          "require-trusted-types-for 'script'",
          'report-uri /csp-report',
          "img-src 'self'",
        ],
      ])
        expect(policy).toContain(directive)
      expect(policy).not.toMatch(/unsafe-(inline|eval)/)
      expect(headers).toMatchObject({
        ...{
          'referrer-policy': 'same-origin',
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
        },
        ...{ 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' },
      })
      expect(headers['x-powered-by']).toBeUndefined()
      expect(headers['strict-transport-security']).toBeUndefined()
    },
  )

  test('over https adds HSTS and cookies that are bound to the host', async () => {
    const { headers } = await secure().get('/sign-in').set('X-Forwarded-Proto', 'https')
    expect(headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
    expect(String(headers['set-cookie'])).toMatch(/^__Host-csrf=.*Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  })

  test('of a page is stored nowhere', async () => {
    for (const address of ['/sign-in', '/account', '/nowhere', '/fieldworkers'])
      expect((await (await app.as('admin')).get(address)).headers['cache-control']).toBe('no-store')
  })
})

describe('when something is wrong', () => {
  test('an unknown address answers 404 with a page and a reference', async () => {
    const answer = await (await app.as('admin')).get('/nowhere')
    expect([answer.status, textOf(answer.text)]).toEqual([
      404,
      expect.stringMatching(/Page not found.*Reference [0-9A-F]{10}/),
    ])
  })

  test('odd addresses are not a crash', async () => {
    const admin = await app.as('admin')
    for (const address of [
      '/%',
      '/%00',
      '/fieldworkers/%E0%A4%A',
      '/fieldworkers?q[]=x&q[__proto__]=y',
      '/../.env',
      '/.git/HEAD',
    ])
      expect((await admin.get(address)).status).toBeLessThan(500)
  })

  test('what is too large to be read offers a way on that suits the sender', async () => {
    const much = { email: 'x'.repeat(20_000) }
    for (const { visitor: client, way } of [
      { visitor: await app.as('admin'), way: 'Go to the start' },
      { visitor: app.client(), way: 'Go to Sign in' },
    ]) {
      const answer = await client.postBare('/account/email', much)
      expect([answer.status, textOf(answer.text)]).toEqual([413, expect.stringContaining(way)])
    }
  })

  test('a database out of reach answers 503 with Retry-After, and says nothing of how we are built', async () => {
    const config = app.configWith({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    const client = new HttpClient(createApp({ db: new Db(config.databaseUrl ?? ''), config }))
    expect((await client.get('/healthz')).status).toBe(200)
    expect((await client.get('/readyz')).status).toBe(503)
    const answer = await client.get('/sign-in')
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5'])
    expect(answer.text).not.toMatch(/ECONNREFUSED|node_modules|at /)
  })

  test('ready means reachable and migrated', async () => {
    expect((await app.client().get('/readyz')).status).toBe(200)
  })
})

test('what is not under /.well-known/ answers 404 to everybody, and to any method (fault 30)', async () => {
  const probe = '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200'
  const temporary = await app.createUser({ name: 'Tess Temporary', role: 'Fieldworker' })
  const forced = await app.signIn(temporary)
  await app.db.query(
    sql`update users set temporary_password_expires_at = now() + interval '1 hour' where id = ${temporary.id}`,
  )
  const everybody = [app.client(), await app.as('owner'), await app.as('sam'), forced]
  for (const client of everybody) {
    for (const path of [
      probe,
      '/.well-known',
      '/.well-known/',
      '/.well-known/change-password/',
      `${probe}?next=/`,
    ])
      for (const answer of [await client.get(path), await client.head(path)])
        expect([path, answer.status]).toEqual([path, 404])
    expect((await client.postBare(probe)).status).toBe(404)
    for (const answer of [
      await client.get('/.well-known/change-password'),
      await client.head('/.well-known/change-password'),
    ])
      expect([answer.status, answer.headers.location]).toEqual([302, '/account/password'])
  }
  expect((await app.client().get('/%2Ewell-known/x')).status).toBe(404)
})

test('a browser’s report of a policy violation is taken, and nothing else is', async () => {
  const report = (body: string) =>
    supertest(app.express).post('/csp-report').type('application/csp-report').send(body)
  expect((await report('{"csp-report":{}}')).status).toBe(204)
  expect((await report('{')).status).toBe(400)
  expect((await report(JSON.stringify('x'.repeat(9000)))).status).toBe(413)
})

test('a network that reports too much is told to wait, and keeps no other from reporting (fault 17)', async () => {
  const expressApp = createApp({ db: app.db, config: app.configWith({ TRUST_PROXY: 'loopback' }) })
  const report = async (from: string) =>
    (
      await supertest(expressApp)
        .post('/csp-report')
        .set('X-Forwarded-For', from)
        .type('application/csp-report')
        .send('{}')
    ).status
  const sent: number[] = []
  for (let i = 0; i < 110; i++) sent.push(await report('192.0.2.1'))
  expect([sent.filter((status) => status === 204).length, sent.at(-1)]).toEqual([20, 429])
  const warn = vi.spyOn(log, 'warn')
  expect(await report('198.51.100.1')).toBe(204)
  expect(warn.mock.calls.at(-1)?.[0]).toMatchObject({ omitted: 90 })
  expect(await report('198.51.100.1')).toBe(204)
  expect(warn.mock.calls.at(-1)?.[0]).toMatchObject({ omitted: 0 })
  warn.mockRestore()
  const others: number[] = []
  for (let i = 0; i < 80; i++) others.push(await report(`203.0.113.${i % 8}`))
  expect(others.filter((status) => status === 204)).toHaveLength(78) // a hundred of all networks together
})

test('mail is not shown in production, nor where a mail server is set', async () => {
  expect((await app.client().get('/dev/outbox.json')).status).toBe(200)
  const config = app.configWith({ SMTP_URL: 'smtp://127.0.0.1:1' })
  const client = new HttpClient(createApp({ db: app.db, config }))
  expect((await client.get('/dev/outbox.json')).status).toBe(303)
})
