import fc from 'fast-check'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/foundation/db.ts'
import { doors, type Door } from '../support/doors.ts'
import { files } from '../support/files.ts'
import { testHouse } from '../support/house.ts'
import type { Visitor } from '../support/visitor.ts'

const house = testHouse()

/** How often each door is tried; a failure prints the seed that finds it again. */
const numRuns = Number(process.env.RUNS ?? 6)
/** What takes longer twice in a row hangs. */
const hangs = 2_000

let server: http.Server
let all: Door[]
let admin: Visitor
let token: string
beforeAll(async () => {
  all = doors(house.app)
  server = http.createServer(house.app).listen(0, '127.0.0.1')
  await comeIn()
})
afterAll(() => new Promise((closed) => server.close(closed)))

async function comeIn() {
  admin = await house.as('admin')
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

/** Everything that a deed could change, as one word. What is counted and told of a refusal is left out. */
async function state(): Promise<string> {
  await run(house.db, sql`delete from rate_limits`) // this is about what is asked, not about how often
  const all = (table: string) =>
    sql([`(select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) from ${table} t)`] as never)
  const row = await one(
    house.db,
    z.object({ state: z.string() }),
    sql`select ${all('users')} || ${all('roles')} || ${all('teams')} || ${all('company')} || ${all('links')} || ${all('imports')}
          || ${all('campaigns')} || ${all('campaign_people')} || ${all('canned_responses')} || ${all('automations')}
          || ${all('automation_runs')} || ${all('impersonations')} || ${all('letters')}
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

/** The door's address with anything where an id stands, and anything asked of it. */
const addressOf = ({ path }: Door, id: string) =>
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
const question = (door: Door, methods: fc.Arbitrary<string>) =>
  fc
    .tuple(methods, addressOf(door, house.cast.otto.id), bodies)
    .map(([method, path, sent]) => ({ method, path, ...sent }))

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
    for (const door of all)
      await fc.assert(
        fc.asyncProperty(question(door, methods), async (asked) => {
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
    for (const door of all.filter(({ path }) => !closing.includes(path)))
      await fc
        .assert(
          fc.asyncProperty(question(door, fc.constant(door.method)), async (asked) => {
            const headers = { cookie: admin.cookies(), 'x-csrf-token': token }
            const before = await state()
            const status = await answerTo({ ...asked, headers })
            expect(status).toBeLessThan(500)
            if (status >= 400 || bodiless(asked.method)) expect(await state()).toBe(before)
          }),
          { numRuns },
        )
        .finally(async () => {
          await run(house.db, sql`delete from rate_limits`)
          await run(house.db, sql`delete from password_failures`)
          if ((await admin.get('/account')).status !== 200) await comeIn()
        })
  })

  test('in a body of a megabyte: each door says that it is too much, at once', async () => {
    const megabyte = Buffer.alloc(2 ** 20, 'a=b&')
    const headers = { cookie: admin.cookies(), 'x-csrf-token': token }
    for (const door of all.filter(({ method, path }) => method === 'POST' && path !== '/csp-report')) {
      const path = door.path.replace(/:\w+/g, house.cast.otto.id)
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
