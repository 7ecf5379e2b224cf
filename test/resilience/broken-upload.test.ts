import net from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { Db, one, sql, Count } from '../../src/platform/db.ts'
import { ownerOf, testDatabase } from '../support/database.ts'
import { createUser, cast, password } from '../support/people.ts'
import { rawRequest } from '../support/raw-request.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'
import { HttpClient } from '../support/http-client.ts'

const database = testDatabase()
const megabytes = 1024 * 1024
let server: RunningServer
let db: Db
let port: number
let admin: { cookie: string; token: string }
let worker: { cookie: string; token: string }

beforeAll(async () => {
  server = await startServer({
    ...{ DATABASE_URL: database, DATABASE_OWNER_URL: ownerOf(database), DEMO: 'off', WORKER: 'off' },
    SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06',
  })
  port = Number(new URL(server.address).port)
  db = new Db(database)
  const people = await cast(db)
  admin = await signedIn(people.admin.email)
  worker = await signedIn(people.sam.email)
}, 120_000)
afterAll(async () => {
  server.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  await db.close()
})

async function signedIn(email: string) {
  const client = await new HttpClient(`http://127.0.0.1:${port}`).signIn(email, password)
  return { token: await client.token('/account/password'), cookie: client.cookies() }
}

const field = (name: string, value: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const file = (text = 'name,email,phone,team\r\n') =>
  `--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n${text}`
const end = '\r\n--x--\r\n'

interface Sent {
  cookie?: string
  headers?: string[]
  /** What the request says of its length, where it is not that of the body. */
  length?: number
}
const upload = (
  body: string | Buffer,
  { cookie, headers = [], length = Buffer.byteLength(body) }: Sent = {},
) =>
  rawRequest(
    port,
    [
      'POST /fieldworkers/import HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Content-Type: multipart/form-data; boundary=x',
      `Content-Length: ${length}`,
      ...(cookie ? [`Cookie: ${cookie}`] : []),
      ...headers,
      '\r\n',
    ].join('\r\n'),
    body,
  )
/** Sends the head of an upload and resets the connection, before the server can have looked up whose it is. */
const resetAtOnce = () =>
  new Promise<void>((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      const head = `POST /fieldworkers/import HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${admin.cookie}\r\n`
      const type = 'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 4000000\r\n\r\n'
      socket.write(head + type, () => socket.resetAndDestroy())
    })
    socket.on('close', () => resolve()).on('error', () => {})
  })
const imports = async () => (await one(db, Count, sql`select count(*) from imports`)).count
const isAlive = async () => (await fetch(`${server.address}/healthz`)).status === 200

describe('a broken upload is answered, and the server goes on', () => {
  test('without a closing boundary, with and without a token (fault 1)', async () => {
    for (const { who, status } of [
      { who: { cookie: admin.cookie }, status: 403 },
      { who: { cookie: admin.cookie, headers: [`x-csrf-token: ${admin.token}`] }, status: 400 },
      { who: { cookie: worker.cookie, headers: [`x-csrf-token: ${worker.token}`] }, status: 403 },
      { who: {}, status: 403 },
    ]) {
      expect((await upload(file(), who)).status).toBe(status)
      expect(await isAlive()).toBe(true)
    }
    expect((await upload(field('_csrf', admin.token) + file(), { cookie: admin.cookie })).status).toBe(400)
    expect(await isAlive()).toBe(true)
  })

  test('reset at once, again and again, and leaves its place to others (fault 1)', async () => {
    for (let i = 0; i < 20; i++) await resetAtOnce()
    const whole = field('_csrf', admin.token) + file('name,email,phone,team\r\n') + end
    const two = () => Promise.all([0, 1].map(async () => (await upload(whole, admin)).status))
    await vi.waitFor(async () => expect(await two()).not.toContain(429), { timeout: 20_000 })
  })

  test('cut anywhere, and ended there by the one who sends it (fault 1)', async () => {
    const whole = field('_csrf', admin.token) + file('name,email,phone,team\r\nA,a@b.test,,\r\n') + end
    const before = await imports()
    for (let length = 0; length < whole.length - 6; length += 3) {
      const { status } = await upload(whole.slice(0, length), { cookie: admin.cookie })
      expect([length, status === 400 || status === 403]).toEqual([length, true])
    }
    expect(await isAlive()).toBe(true)
    expect(await imports()).toBe(before)
  })

  test.each([
    ['a part without a header', `--x\r\n\r\nabc${end}`],
    ['a part whose header never ends', `--x\r\nContent-Disposition: form-data; name="file"; filename="a"`],
    [
      'a header of a hundred kilobytes',
      `--x\r\nContent-Disposition: form-data; name="${'n'.repeat(100_000)}"\r\n\r\n${end}`,
    ],
    [
      'a file without a name of its own',
      `--x\r\nContent-Disposition: form-data; filename="a.csv"\r\n\r\nabc`,
    ],
    [
      'a file within a form of another kind',
      `--x\r\nContent-Disposition: attachment; filename="a.csv"\r\n\r\nabc`,
    ],
    ['two files, the second unended', `${file('a')}\r\n${file('b')}`],
    ['a hundred fields', field('a', 'b').repeat(100) + end],
    ['a field of a megabyte', field('a', 'b'.repeat(megabytes)) + end],
    ['a field that never ends', field('a', 'b').slice(0, -2)],
    ['only an end', '--x--\r\n'],
    ['nothing but line ends', '\r\n'.repeat(1000)],
    [
      'names that mean something to the machine',
      field('__proto__', 'a') + field('constructor', 'b') + file().slice(0, -3),
    ],
    [
      'a charset that nobody knows',
      `--x\r\nContent-Disposition: form-data; name*=no-such''a\r\nContent-Type: text/plain; charset=no-such\r\n\r\nabc`,
    ],
  ])('with %s (fault 1)', async (_, body) => {
    const before = await imports()
    for (const headers of [[], [`x-csrf-token: ${admin.token}`]]) {
      const { status } = await upload(body, { cookie: admin.cookie, headers })
      expect([400, 403, 422]).toContain(status)
    }
    expect(await isAlive()).toBe(true)
    expect(await imports()).toBe(before)
  })

  test('left in the middle by the one who sends it (fault 1)', async () => {
    const begun = field('_csrf', admin.token) + file('a'.repeat(100_000))
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const controller = new AbortController()
        const body = new ReadableStream({
          start(stream) {
            stream.enqueue(Buffer.from(begun))
            setImmediate(() => controller.abort())
          },
        })
        const headers = { cookie: admin.cookie, 'content-type': 'multipart/form-data; boundary=x' }
        const { signal } = controller
        const init = { method: 'POST', headers, body, signal, duplex: 'half' } as RequestInit
        await fetch(`${server.address}/fieldworkers/import`, init).catch(() => {})
      }),
    )
    expect(await isAlive()).toBe(true)
  })
})

describe('uploads that never end', () => {
  const patience = { timeout: 20_000 }
  const row = 'name,email,phone,team\r\nAda,ada@hung.test,,\r\n'
  const whole = (token: string) => field('_csrf', token) + file(row) + end
  const hung: net.Socket[] = []
  const letGo = () => hung.splice(0).forEach((socket) => socket.destroy())
  afterEach(letGo)
  const statusFor = async ({ cookie, token }: typeof admin) => (await upload(whole(token), { cookie })).status

  /** Uploads that were begun, and of which nothing more comes. */
  function hang({ cookie, token }: typeof admin, count: number) {
    const head = `POST /fieldworkers/import HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\n`
    const type = 'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 4000000\r\n\r\n'
    for (let i = 0; i < count; i++) {
      const socket = net.connect(port, '127.0.0.1')
      socket.on('error', () => {}).write(head + type + field('_csrf', token) + file())
      hung.push(socket)
    }
  }

  test('of one person keep that person waiting, and nobody else (fault 1)', async () => {
    const owner = await signedIn('owner@firm.test')
    hang(admin, 20)
    await vi.waitFor(async () => expect(await statusFor(admin)).toBe(429), patience)
    expect(await Promise.all([statusFor(owner), statusFor(owner)])).toEqual([303, 303])
    const answer = await upload(whole(admin.token), { cookie: admin.cookie })
    expect(answer.head).toMatch(/^retry-after: 10\r?$/im)
    expect(answer.body).toContain('Two of your files are being read')
    letGo()
    await vi.waitFor(async () => expect(await statusFor(admin)).toBe(303), patience)
  })

  test('of many people are bounded together (fault 1)', async () => {
    const others: Awaited<ReturnType<typeof signedIn>>[] = []
    for (const name of ['one', 'two', 'three', 'four']) {
      const email = `${name}@hung.test`
      await createUser(db, { name: `Admin ${name}`, email, role: 'Admin' })
      others.push(await signedIn(email))
    }
    await vi.waitFor(async () => {
      // Again each time: an upload that asks may take the place of one that was to hang.
      for (const who of others) hang(who, 2)
      expect(await statusFor(admin)).toBe(429)
    }, patience)
    expect((await upload(whole(admin.token), { cookie: admin.cookie })).body).toContain(
      'Many files are being read',
    )
    letGo()
    await vi.waitFor(async () => expect(await statusFor(admin)).toBe(303), patience)
  })
})

describe('a file is not read before its sender has shown a token', () => {
  const begun = Buffer.alloc(64 * 1024, 'a')
  const length = 5 * megabytes
  const start = (...fields: string[]) => Buffer.concat([Buffer.from(fields.join('') + file('')), begun])

  test('none, a wrong one, or one that comes after the file is refused while most is still to come (fault 1)', async () => {
    const { cookie } = admin
    const wrong = worker.token
    for (const { body, headers } of [
      { body: start() },
      { body: start(field('_csrf', wrong)) },
      { body: start(field('_csrf', '')) },
      { body: start(), headers: [`x-csrf-token: ${wrong}`] },
    ])
      expect((await upload(body, { cookie, length, headers })).status).toBe(403)
    const late = field('_csrf', admin.token)
    expect((await upload(`${file()}\r\n${late}--x--\r\n`, { cookie })).status).toBe(403)
  })

  test('a good token from another site is refused too (fault 1)', async () => {
    const good = start(field('_csrf', admin.token))
    for (const foreign of [
      'Sec-Fetch-Site: cross-site',
      'Sec-Fetch-Site: same-site',
      'Origin: https://elsewhere.test',
    ])
      expect((await upload(good, { cookie: admin.cookie, length, headers: [foreign] })).status).toBe(403)
  })

  test('nor of somebody who may not import, or is not signed in (fault 1)', async () => {
    const headers = [`x-csrf-token: ${worker.token}`]
    expect((await upload(start(), { cookie: worker.cookie, length, headers })).status).toBe(403)
    expect((await upload(start(), { length })).status).toBe(403)
  })

  test('what comes before the token is bounded (fault 1)', async () => {
    const { cookie } = admin
    const preamble = Buffer.alloc(200 * 1024, 'a')
    expect((await upload(preamble, { cookie, length })).status).toBe(400)
    const fields = field('a', 'b'.repeat(1000)).repeat(200)
    expect((await upload(fields, { cookie, length })).status).toBe(400)
  })

  test('with it, the file is taken: as a field before it, or as a header (fault 1)', async () => {
    const { cookie, token } = admin
    const rows = 'name,email,phone,team\r\nAda,ada@file.test,,\r\n'
    const header = [`x-csrf-token: ${token}`]
    for (const answer of [
      await upload(field('_csrf', token) + file(rows) + end, { cookie }),
      await upload(file(rows) + end, { cookie, headers: header }),
    ]) {
      expect(answer.status).toBe(303)
      expect(answer.head).toMatch(/location: \/fieldworkers\/import\/[\w-]{36}/i)
    }
  })
})
