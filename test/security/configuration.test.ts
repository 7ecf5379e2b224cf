import argon2 from 'argon2'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import { once } from 'node:events'
import supertest from 'supertest'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { run, sql } from '../../src/platform/db.ts'
import { usesPlaintext } from '../../src/platform/tls-warning.ts'
import { address, routesOf } from '../support/routes.ts'
import { files } from '../support/files.ts'
import { createTestApp } from '../support/test-app.ts'
import { password } from '../support/people.ts'
import { startServer } from '../support/running-server.ts'
import { HttpClient } from '../support/http-client.ts'

const app = createTestApp()

beforeEach(() => run(app.db, sql`delete from rate_limits`))
afterEach(() => vi.restoreAllMocks())

test('row 158, ASVS 13.3.1: no file of the project contains a secret, and files that would are ignored', () => {
  const secret =
    /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[\w+/=]{20}|\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|xox[abpr]-[\w-]{20,}|sk_live_\w{16,}|eyJ[\w-]{20,}\.[\w-]{20,}\.)/
  const all = files('.', /\.(ts|js|json|md|yml|sql|ejs|txt|css)$|\/(Dockerfile|run|\.\w+)$/)
  expect(all.size).toBeGreaterThan(300)
  expect([...all].filter(([, text]) => secret.test(text)).map(([file]) => file)).toEqual([])
  expect(all.get('.gitignore')).toMatch(/^\.env$/m)
  expect(all.get('.gitignore')).toMatch(/^\.data\/$/m)
  expect(all.get('.dockerignore')?.split('\n')[0]).toBe('*')
  expect(all.get('.dockerignore')).not.toMatch(/^!\.(?!npmrc$)/m)
  for (const file of ['Dockerfile', 'docker-compose.yml'])
    expect([file, /(SECRET|PASSWORD)\w*[=:] *(?!\$\{)[\w'"]+/.exec(all.get(file) ?? '')]).toEqual([
      file,
      null,
    ])
})

test('row 160, ASVS 13.4.1: no source, setting or history of the project is served', async () => {
  const admin = await app.as('admin')
  const hidden = [
    '/.git/HEAD',
    '/.git/config',
    '/.env',
    '/.npmrc',
    '/package.json',
    '/src/app.ts',
    '/src/',
    '/views/layout.ejs',
  ]
  for (const path of [
    ...hidden,
    '/..%2f.env',
    '/%2e%2e/.env',
    '/..%5c.env',
    '/migrations/baseline/01-platform.sql',
    '/app.js.map',
  ])
    expect([path, (await admin.get(path)).status]).toEqual([path, 404])
})

test('row 161, ASVS 13.4.2: in production there is no dev outbox, even without a mail server', async () => {
  const config = { ...app.configWith(), production: true }
  const expressApp = createApp({ db: app.db, config })
  expect(routesOf(expressApp).filter(({ path }) => path.startsWith('/dev'))).toEqual([])
  const admin = await new HttpClient(expressApp).signIn(app.cast.admin.email, password)
  for (const path of ['/dev/outbox', '/dev/outbox.json', '/dev', '/debug', '/test'])
    expect([path, (await admin.get(path)).status]).toEqual([path, 404])
})

describe('row 162, ASVS 13.4.4–13.4.6', () => {
  test('row 162: nothing reveals versions of components', async () => {
    for (const path of ['/healthz', '/readyz', '/sign-in', '/nowhere', '/app.js']) {
      const { headers, text } = await supertest(app.express).get(path)
      expect([path, headers.server, headers['x-powered-by']]).toEqual([path, undefined, undefined])
      if (path !== '/app.js') expect(text).not.toMatch(/express|node\.?js|postgres|\bv?\d+\.\d+\.\d+\b/i)
    }
    const admin = await app.as('admin')
    for (const path of ['/metrics', '/health', '/status', '/info', '/api-docs', '/swagger.json'])
      expect([path, (await admin.get(path)).status]).toEqual([path, 404])
  })

  test('row 162: TRACE is not answered', async () => {
    const server = http.createServer(app.express).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const asking = http
      .request({ port, method: 'TRACE', path: '/sign-in', headers: { cookie: 'canary=1' } })
      .end()
    const [answer] = (await once(asking, 'response')) as [http.IncomingMessage]
    let text = ''
    for await (const chunk of answer) text += String(chunk)
    server.close()
    expect(answer.statusCode).toBeGreaterThanOrEqual(300)
    expect(text).not.toContain('canary')
  })
})

test('rows 163 and 164, ASVS 14.2.1, 14.3.2: only files are cached, and no page links to an address with a token', async () => {
  const askers = [app.client(), await app.as('owner'), await app.as('sam')]
  for (const route of routesOf(app.express).filter(
    ({ method, path }) => method === 'GET' && path !== '/healthz' && path !== '/readyz',
  ))
    for (const client of askers) {
      const { headers, text = '', type } = await client.get(address(route, app.cast.sam.id))
      expect([route.path, headers['cache-control']]).toEqual([route.path, 'no-store'])
      if (type !== 'text/html' || route.path.startsWith('/dev/')) continue
      const addresses = [...text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, to = '']) => to)
      expect(addresses.filter((to) => /_csrf|sid=|[?&]token=|\/[\w-]{43}\b/.test(to))).toEqual([])
    }
  expect((await app.client().postBare('/sign-in')).headers['cache-control']).toBe('no-store')
})

test('row 167, ASVS 15.1.3: above the sign-ins that can wait, the next is told when to retry, and health still answers', async () => {
  const most = Math.min(4, availableParallelism()) + 64 // that are judged, and that wait
  const finish: (() => void)[] = []
  vi.spyOn(argon2, 'verify').mockImplementation(
    () => new Promise((resolve) => finish.push(() => resolve(false))),
  )
  const client = app.client()
  const _csrf = await client.token('/sign-in')
  const statuses: number[] = []
  const asked = Array.from({ length: most + 1 }, async (_, i) => {
    const answer = await client.postBare('/sign-in', {
      _csrf,
      email: `crowd${i}@firm.test`,
      password: 'wrong',
    })
    statuses.push(answer.status)
    return answer
  })
  const refused = await Promise.race(asked)
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '2'])
  expect((await client.get('/healthz')).status).toBe(200)
  while (statuses.length <= most) {
    finish.splice(0).forEach((done) => done())
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(statuses.filter((status) => status === 503)).toHaveLength(1)
})

test('row 168, ASVS 15.2.1: csurf is pinned, and no cookie older than 0.7 is installed under it or anywhere else', () => {
  const lock = JSON.parse(files('.', /^\/package-lock\.json$/).get('package-lock.json') ?? '') as {
    packages: Record<string, { version?: string; dependencies?: Record<string, string> }>
  }
  expect(lock.packages['']?.dependencies?.csurf).toBe('1.11.0')
  const cookies = Object.entries(lock.packages).filter(([place]) => /(^|\/)node_modules\/cookie$/.test(place))
  expect(cookies.length).toBeGreaterThan(0)
  for (const [place, { version = '' }] of cookies) {
    const [major = 0, minor = 0] = version.split('.').map(Number)
    expect([place, major > 0 || minor >= 7]).toEqual([place, true])
  }
  for (const version of Object.values(lock.packages['']?.dependencies ?? {})) expect(version).toMatch(/^\d/)
})

test('row 169, ASVS 12.3.1: in production a start warns of any remote service that is used without TLS', async () => {
  const secret = 'q7Rk2mZx9Lw4Tn8Vb3Yc6Hd1Js5Fg0Pa'
  const ours = { BASE_URL: 'https://keys.acme.test', MAIL_FROM: 'fieldkey@acme.test' }
  const production = { NODE_ENV: 'production', SESSION_SECRET: secret, ...ours }
  const start = (settings: Record<string, string>) =>
    startServer({ ...production, ...settings }).then(
      () => 'it started',
      (ended: Error) => ended.message,
    )
  const said = await start({ SMTP_URL: 'smtp://mail.invalid', DATABASE_URL: 'postgres://one@data.invalid/x' })
  for (const name of ['SMTP_URL', 'DATABASE_URL'])
    expect(said).toMatch(new RegExp(`"level":"warn".*${name} does not require TLS`))
  expect(
    await start({
      SMTP_URL: 'smtp://mail.invalid:587/?requireTLS=true',
      DATABASE_URL: 'postgres://one@data.invalid/x?sslmode=verify-full',
    }),
  ).not.toContain('"warn"')
})

test.each([
  ['smtp://mail.example.com', true],
  ['smtps://mail.example.com', false],
  ['smtp://user:secret@mail.example.com:587/?requireTLS=true', false],
  ['smtp://127.0.0.1:1025', false],
  ['postgres://data.example.com/fieldkey', true],
  ['postgres://data.example.com/fieldkey?sslmode=prefer', true],
  ['postgres://data.example.com/fieldkey?sslmode=verify-full', false],
  ['postgres://localhost/fieldkey', false],
  ['postgres://%2Fvar%2Frun%2Fpostgresql/fieldkey', false],
])('row 169: whether traffic to %s is readable on the network: %s', (where, can) => {
  expect(usesPlaintext(where)).toBe(can)
})

describe('row 44, ASVS 12.2.1: when the app is reached by https', () => {
  const ask = (headers: Record<string, string>, trust = '1') => {
    const config = app.configWith({ BASE_URL: 'https://keys.firm.test', TRUST_PROXY: trust })
    const expressApp = createApp({ db: app.db, config })
    return {
      get: supertest(expressApp).get('/sign-in?next=%2Fm').set(headers),
      post: supertest(expressApp).post('/sign-in').set(headers),
    }
  }

  test('a request without it through a trusted proxy is redirected, and a form sent so is rejected', async () => {
    const { get, post } = ask({ 'X-Forwarded-Proto': 'http' })
    const led = await get
    expect([led.status, led.headers.location]).toEqual([308, 'https://keys.firm.test/sign-in?next=%2Fm'])
    const refused = await post.type('form').send({ email: 'sam@firm.test', password })
    expect([refused.status, refused.text]).toEqual([
      403,
      expect.stringContaining('This came without encryption'),
    ])
  })

  test.each([
    ['a proxy says that they came by it', { 'X-Forwarded-Proto': 'https' }, '1'],
    ['a proxy says nothing', {}, '1'],
    ['nobody is trusted to say', { 'X-Forwarded-Proto': 'http' }, ''],
  ])('there is no redirect loop when %s', async (_, headers, trust) => {
    expect((await ask(headers, trust).get).status).toBe(200)
  })

  test('health answers without it', async () => {
    const config = app.configWith({ BASE_URL: 'https://keys.firm.test', TRUST_PROXY: '1' })
    const expressApp = createApp({ db: app.db, config })
    expect((await supertest(expressApp).get('/healthz').set('X-Forwarded-Proto', 'http')).status).toBe(200)
  })
})
