import fc from 'fast-check'
import http from 'node:http'
import { parse, type ParsedUrlQuery } from 'node:querystring'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Id, one, run, sql } from '../../src/platform/db.ts'
import { routesOf, type Route } from '../support/routes.ts'
import { files } from '../support/files.ts'
import { createTestApp } from '../support/test-app.ts'
import { rawRequest } from '../support/raw-request.ts'
import type { HttpClient } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp()

/** How often each route is tried; a failure prints the seed that finds it again. */
const numRuns = Number(process.env.RUNS ?? 6)
/** What takes longer twice in a row hangs. */
const hangs = 2_000

let server: http.Server
let all: Route[]
let admin: HttpClient
let token: string
beforeAll(async () => {
  all = routesOf(app.express)
  server = http.createServer(app.express).listen(0, '127.0.0.1')
  await comeIn()
})
afterAll(() => new Promise((closed) => server.close(closed)))

async function comeIn() {
  admin = await app.as('admin')
  token = await admin.token('/account/password')
}

interface Question {
  method: string
  path: string
  type: string | null
  body: Buffer
  headers?: Record<string, string>
}

/** Asks as no browser would: bytes as they are. */
function ask({ method, path, type, body, headers = {} }: Question): Promise<number> {
  const { port } = server.address() as AddressInfo
  const sent = {
    ...headers,
    ...(type ? { 'content-type': type } : {}),
    'content-length': String(body.length),
  }
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port, method, path, headers: sent, agent: false },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
        answer.on('error', reject)
      },
    )
    request.setTimeout(hangs, () => request.destroy(new Error(`${method} ${path} hangs`)))
    request.on('error', reject)
    request.end(body)
  })
}

/** A machine that has much to do is slow once; what hangs does so again. */
const answerTo = (question: Question) =>
  ask(question).catch((error: Error) => (/hangs/.test(error.message) ? ask(question) : Promise.reject(error)))

/** Everything that an action could change, as one word. What is counted and told of a refusal is left out. */
async function state(): Promise<string> {
  await resetRateLimits(app.db) // this is about what is asked, not about how often
  const all = (table: string) =>
    sql([`(select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ${table} t)`] as never)
  const row = await one(
    app.db,
    z.object({ state: z.string() }),
    sql`select ${all('users')} || ${all('roles')} || ${all('teams')} || ${all('company')} || ${all('links')} || ${all('imports')}
          || ${all('campaigns')} || ${all('campaign_people')} || ${all('canned_responses')} || ${all('automations')}
          || ${all('automation_runs')} || ${all('impersonations')} || ${all('emails')}
          || (select string_agg(id::text || coalesce(ended_at::text, ''), ',' order by id) from sessions) as state`,
  )
  return row.state
}

// Names that our forms really use, and names that mean something to the machine.
const fields = [...files('views', /\.ejs$/).values()].flatMap((view) =>
  [...view.matchAll(/\bname="(\w+)"/g)].map(([, name = '']) => name),
)
const names = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...new Set(fields)) },
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'ids[]',
    'a[b][c]',
    '__proto__[x]',
    '',
    'name.first',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const raw = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes))
const words = fc
  .oneof(
    fc.constantFrom(
      '',
      ' ',
      '\0',
      'a\0b',
      '\ud800',
      '\udc00x',
      '\u202eabc',
      '-1',
      '0',
      '1e9',
      'NaN',
      'null',
      'true',
    ),
    fc.constantFrom("' or 1=1--", '<%= 1 %>', '${7*7}', '../../etc/passwd', '{"a":1}', '%00', '%', '=cmd()'),
    fc.constantFrom(
      '2026-02-30',
      '9999999999999999999',
      '٣',
      'x'.repeat(5_000),
      '😀'.repeat(300),
      '\r\nSet-Cookie: a=b',
    ),
    fc.uuid(),
    fc.string({ unit: 'binary', maxLength: 60 }),
  )
  .map((text) => Buffer.from(text, 'utf8'))
const pieces = fc.oneof(words, raw)

const percent = (bytes: Uint8Array) =>
  [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
const pair = fc.tuple(names, pieces).map(([name, value]) => `${percent(Buffer.from(name))}=${percent(value)}`)
const form = fc.array(pair, { maxLength: 14 }).map((pairs) => pairs.join('&'))
const boundary = 'x'
const part = fc
  .tuple(names, pieces)
  .map(([name, value]) =>
    Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${name.replace(/[^\w[\].]/g, '')}"; filename="a.csv"\r\n\r\n`,
      ),
      value,
      Buffer.from('\r\n'),
    ]),
  )
const bodies = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('application/x-www-form-urlencoded'),
      body: form.map((text) => Buffer.from(text)),
    }),
  },
  fc.record({
    type: fc.constantFrom(
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded; charset=utf-16',
      '\u00ff',
      null,
    ),
    body: raw,
  }),
  fc.record({ type: fc.constant('application/json'), body: fc.json().map((text) => Buffer.from(text)) }),
  fc.record({
    type: fc.constant(`multipart/form-data; boundary=${boundary}`),
    body: fc
      .array(part, { maxLength: 3 })
      .map((parts) => Buffer.concat([...parts, Buffer.from(`--${boundary}--`)])),
  }),
  fc.record({
    type: fc.constantFrom('multipart/form-data', `multipart/form-data; boundary=${boundary}`),
    body: raw,
  }),
)

/** The route's address with anything where an id stands, and anything asked of it. */
const addressOf = ({ path }: Route, id: string) =>
  fc
    .tuple(
      fc.oneof(
        fc.constant(id),
        fc.constant(id),
        pieces.map((bytes) => percent(bytes.subarray(0, 200)) || 'x'),
      ),
      fc.option(form),
    )
    .map(([place, query]) => path.replace(/:\w+/g, place) + (query ? `?${query}` : ''))
const question = (route: Route, methods: fc.Arbitrary<string>) =>
  fc
    .tuple(methods, addressOf(route, app.cast.otto.id), bodies)
    .map(([method, path, sent]) => ({ method, path, ...sent }))

const nothingSent = { type: null, body: Buffer.alloc(0) }

/** What numbers, dates, addresses, ids and words are at their edges, and what looks like one of them. */
const odd = [
  ...[
    '-1',
    '1.5',
    '1e400',
    'NaN',
    '٣',
    ' 1 ',
    2 ** 31,
    2 ** 32,
    2 ** 53,
    '9223372036854775808',
    '9'.repeat(400),
  ],
  ...['fe80::1%eth0', '::ffff:1.2.3.4', '[::1]:80', '1.2.3.4/33', '256.1.1.1', ':'],
  ...['0000-01-01', '9999-12-31', '294277-01-01', '2026-02-30', '-4713-01-01', 'infinity'],
  ...['00000000-0000-0000-0000-000000000000', '{00000000-0000-4000-8000-000000000000}'],
  ...[
    '',
    '.',
    '..',
    '/',
    '\\',
    '%',
    "'",
    '\0',
    'a\0b',
    '\u202e',
    '😀',
    '\n',
    '(',
    '*'.repeat(200),
    '%'.repeat(200),
  ],
  ...['__proto__', 'null', '[object Object]', '<%= 7 %>', 'a '.repeat(2000), 'x'.repeat(6000), 'e\u0301'],
]
  .map((value) => Buffer.from(String(value)))
  .concat(Buffer.from([0xff]), Buffer.from([0xed, 0xa0, 0x80]))

const targets = [
  ...[
    '*',
    '/',
    '//',
    '///',
    '/*',
    '/.',
    '/..',
    '/../..',
    '/%',
    '/%00',
    '/%zz',
    '/%E0%A4%A',
    '/?',
    '/#',
    '/?#',
    '?',
    '#',
    '.',
    '..',
    '%',
  ],
  ...[
    '/sign-in?',
    '/sign-in?&&==',
    '/sign-in#x',
    '/sign-in?%',
    '/sign-in?__proto__=1',
    '/\\',
    '\\',
    '/;',
    '/:',
    '/@',
    '/a:b@c',
    '/~',
    '/\u00ff',
  ],
  ...[
    '//elsewhere.test/sign-in',
    '/\\elsewhere.test',
    '127.0.0.1:443',
    'elsewhere.test',
    'localhost:80',
    ':',
    ':80',
    '@',
    '[::1]',
    '[::1',
    '::1',
  ],
  ...[
    'http://',
    'http:',
    'http:/',
    'http:///',
    'http://[',
    'http://[::1/',
    'http://[::1]:x/',
    'http://a:99999/',
    'http://%/',
    'http://a b/',
  ],
  ...[
    'http://elsewhere.test',
    'http://elsewhere.test?x',
    'HTTP://ELSEWHERE.TEST/sign-in',
    'https://u:p@elsewhere.test/account#x',
  ],
  ...[
    'ftp://a/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:,x',
    'urn:x',
    'ws://a/',
    'x:',
    'http://\u00ff/',
  ],
].filter((target) => !target.includes(' '))
const pieceOfTarget = [
  '/',
  '\\',
  '.',
  '..',
  '%2f',
  '%5c',
  '%00',
  '%',
  '?',
  '#',
  ':',
  '@',
  '[',
  ']',
  ';',
  '&',
  '=',
  '*',
  'a',
  'sign-in',
  '127.0.0.1',
]

/** Several at once: the machine waits less. */
async function allOf<T>(values: T[], work: (value: T) => Promise<void>) {
  for (let from = 0; from < values.length; from += 8)
    await Promise.all(values.slice(from, from + 8).map((value) => work(value)))
}

/** An id for each page that shows one thing, so that its query is read. */
async function whatIsThere() {
  const file = await admin.upload('/fieldworkers/import', 'name,email,phone,team\nAda,not an address,,\n')
  const { id: campaign } = await one(
    app.db,
    Id,
    sql`insert into campaigns (name, subject, body, started_by, run_as, status)
        values ('a', 'b', 'c', ${app.cast.admin.id}, ${app.cast.admin.id}, 'finished') returning id`,
  )
  const { id: response } = await one(app.db, Id, sql`select id from canned_responses limit 1`)
  const { key } = await one(app.db, z.object({ key: z.string() }), sql`select key from automations limit 1`)
  const places = {
    ...{ '/fieldworkers/import/': file.headers.location?.split('/').at(-1), '/campaigns/': campaign },
    ...{ '/settings/communications/canned-responses/': response, '/automations/security/': key },
  }
  return (path: string) =>
    Object.entries(places).find(([start]) => path.startsWith(`${start}:`))?.[1] ?? app.cast.otto.id
}

/** The names that a page asks its query for: told by the query itself. */
async function readBy(path: string, headers: Record<string, string>): Promise<Set<string>> {
  const names = new Set<string>()
  app.express.set(
    'query parser',
    (query: string) =>
      new Proxy<ParsedUrlQuery>(
        { ...parse(query) },
        {
          get: (target, name) => (
            typeof name === 'string' && names.add(name),
            Reflect.get(target, name) as unknown
          ),
          has: (target, name) => (typeof name === 'string' && names.add(name), Reflect.has(target, name)),
        },
      ),
  )
  await answerTo({ ...nothingSent, method: 'GET', path: `${path}?x=1`, headers })
  app.express.set('query parser', 'simple')
  for (const name of ['x', 'toJSON', 'then', 'hasOwnProperty', 'constructor']) names.delete(name)
  return names
}

const bodiless = (method: string) => method === 'GET' || method === 'HEAD'

describe('whatever comes in', () => {
  const methods = fc.constantFrom(
    'GET',
    'HEAD',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'OPTIONS',
    'PROPFIND',
    'LOCK',
  )

  test('from a stranger, by any method: no fault, no hang, and nothing is changed', async () => {
    for (const route of all)
      await fc.assert(
        fc.asyncProperty(question(route, methods), async (asked) => {
          const before = await state()
          const status = await answerTo(asked)
          expect(status).toBeLessThan(500)
          expect(await state()).toBe(before)
        }),
        { numRuns },
      )
  })

  test('from an admin whose token is good: no fault, no hang, and what is refused changes nothing', async () => {
    const closing = ['/sign-out', '/account/sessions/:id/end', '/account/sessions/end-others']
    for (const route of all.filter(({ path }) => !closing.includes(path)))
      await fc
        .assert(
          fc.asyncProperty(question(route, fc.constant(route.method)), async (asked) => {
            const headers = { cookie: admin.cookies(), 'x-csrf-token': token }
            const before = await state()
            const status = await answerTo({ ...asked, headers })
            expect(status).toBeLessThan(500)
            if (status >= 400 || bodiless(asked.method)) expect(await state()).toBe(before)
          }),
          { numRuns },
        )
        .finally(async () => {
          await resetRateLimits(app.db)
          await run(app.db, sql`delete from password_failures`)
          if ((await admin.get('/account')).status !== 200) await comeIn()
        })
  })

  test(
    'in every query parameter that a page reads: no fault, no hang, and nothing is changed (fault 14)',
    { timeout: 300_000 },
    async () => {
      const headers = { cookie: admin.cookies() }
      const there = await whatIsThere()
      const before = await state()
      const read: string[] = []
      for (const route of all.filter(({ method }) => method === 'GET')) {
        const path = route.path.replace(/:\w+/g, there(route.path))
        for (const name of await readBy(path, headers)) {
          read.push(`${route.path} ${name}`)
          await allOf(odd, async (value) => {
            const asked = `${path}?${percent(Buffer.from(name))}=${percent(value)}`
            const status = await answerTo({ ...nothingSent, method: 'GET', path: asked, headers })
            expect([asked, status < 500]).toEqual([asked, true])
          })
        }
      }
      const known = [
        '/activity-log ip',
        '/fieldworkers q',
        '/fieldworkers/import/:id after',
        '/campaigns/:id state',
      ]
      expect(read).toEqual(expect.arrayContaining(known))
      expect(await state()).toBe(before)
    },
  )

  test('in every path parameter: no fault, no hang, and nothing is changed (fault 14)', async () => {
    const headers = { cookie: admin.cookies(), 'x-csrf-token': token }
    const before = await state()
    for (const { method, path } of all.filter((route) => route.path.includes(':')))
      await allOf(odd, async (value) => {
        const asked = path.replace(/:\w+/g, percent(value) || '%20')
        const status = await answerTo({ ...nothingSent, method, path: asked, headers })
        expect([method, asked, status < 500]).toEqual([method, asked, true])
      })
    expect(await state()).toBe(before)
  })

  test('as the target of a request, by any method: an answer, no fault, and nothing is changed (fault 14)', async () => {
    const { port } = server.address() as AddressInfo
    const cookie = `Cookie: ${admin.cookies()}\r\n`
    const before = await state()
    const answered = async (line: string) => {
      const sent = `${line}\r\nHost: 127.0.0.1\r\n${cookie}Content-Length: 0\r\nConnection: close\r\n\r\n`
      const { status } = await rawRequest(port, sent)
      expect([line, status > 0 && status < 500]).toEqual([line, true])
    }
    for (const method of [
      'GET',
      'HEAD',
      'POST',
      'OPTIONS',
      'PUT',
      'DELETE',
      'PATCH',
      'TRACE',
      'PROPFIND',
      'QUERY',
    ])
      for (const target of targets) await answered(`${method} ${target} HTTP/1.1`)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...targets),
        fc.array(fc.constantFrom(...pieceOfTarget), { maxLength: 6 }),
        (start, more) => answered(`GET ${start}${more.join('')} HTTP/1.1`),
      ),
      { numRuns: numRuns * 20 },
    )
    expect(await state()).toBe(before)
  })

  test('in a body of a megabyte: each route says that it is too much, at once', async () => {
    const megabyte = Buffer.alloc(2 ** 20, 'a=b&')
    const headers = { cookie: admin.cookies(), 'x-csrf-token': token }
    for (const route of all.filter(({ method, path }) => method === 'POST' && path !== '/csp-report')) {
      const path = route.path.replace(/:\w+/g, app.cast.otto.id)
      const before = await state()
      const status = await answerTo({
        method: 'POST',
        path,
        type: 'application/x-www-form-urlencoded',
        body: megabyte,
        headers,
      })
      expect([path, status]).toEqual([path, 413])
      expect(await state()).toBe(before)
    }
  })
})
