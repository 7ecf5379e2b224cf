import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import { createPublicKey, verify } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import * as zip from '@zip.js/zip.js'
import { checkEvidence } from '../../public/evidence-check.js'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { seed } from '../../src/embedded/demo/seed.ts'
import { Db, many, one, run, sql } from '../../src/platform/db.ts'
import { minimumStrength } from '../../src/auth/passwords/hash.ts'
import { ownerOf, superuserOf } from '../support/database.ts'
import { columns, rowsOf } from '../support/csv.ts'
import { tampered } from '../support/packs.ts'
import { createTestApp } from '../support/test-app.ts'
import type { HttpClient } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp()
let auditor: HttpClient
let superuser: Db
let server: http.Server

beforeAll(async () => {
  superuser = new Db(superuserOf(app.connectionString), { statement_timeout: 0 })
  const owner = new Db(ownerOf(app.connectionString), { statement_timeout: 0 })
  await seed(owner, minimumStrength, { fieldworkers: 120, events: 30_000 })
  await owner.close()
  auditor = await app.as('auditor')
  server = app.express.listen(0, '127.0.0.1')
  await once(server, 'listening')
}, 60_000)
afterAll(async () => {
  server.close()
  await superuser.close()
})
beforeEach(() => resetRateLimits(app.db))

const Exported = z.object({ actor_id: z.string(), details: z.looseObject({}) })
const exportsSince = (seq: string) =>
  many(
    app.db,
    Exported,
    sql`select actor_id, details from activity_log where event = 'activity_exported' and seq > ${seq} order by seq`,
  )
const headNow = async () =>
  (await one(app.db, z.object({ seq: z.string() }), sql`select max(seq)::text as seq from activity_log`)).seq
const csv = async (filter = '') => rowsOf((await auditor.get(`/activity-log.csv${filter}`).expect(200)).text)

describe('the CSV', () => {
  test('is one, by its headers, and nothing keeps or runs it', async () => {
    const { headers, text } = await auditor.get('/activity-log.csv?event=user_updated').expect(200)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(headers['content-disposition']).toMatch(/^attachment; filename="activity-\d{8}\.csv"$/)
    expect(headers['content-security-policy']).toBe("default-src 'none'; sandbox; frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cache-control']).toBe('no-store')
    expect(text.split('\r\n')[0]).toBe(`\ufeff${columns}`)
  })

  test('holds every row, newest first, with the times in UTC, and is an entry itself', async () => {
    const before = await headNow()
    const rows = await csv()
    const all = await many(
      app.db,
      z.object({ id: z.string(), at: z.date() }),
      sql`select id, at from activity_log where seq <= ${before} order by seq desc`,
    )
    expect(rows.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    expect(rows.map(({ timestamp }) => timestamp)).toEqual(all.map(({ at }) => at.toISOString()))
    expect(await exportsSince(before)).toEqual([
      {
        actor_id: app.cast.auditor.id,
        details: { format: 'csv', filter: {}, rows: all.length, complete: true },
      },
    ])
  })

  test.each([
    ['?category=security', `category = 'security'`],
    ['?category=account&event=user_updated', `event = 'user_updated'`],
    ['?category=system&event=user_updated', 'false'],
    ['?event=sign_in_failed&q=blocked', `event = 'sign_in_failed' and details ->> 'reason' = 'blocked'`],
    ['?actor=admin@firm.test', `actor_email = 'admin@firm.test'`],
    ['?actor=Dana+Admin&about=ada.', `actor_email = 'admin@firm.test' and subject_email like 'ada.%'`],
    ['?about=ADA.BERG.20@seed.test', `subject_email = 'ada.berg.20@seed.test'`],
    ['?ip=198.51.100.2', `ip = '198.51.100.2'`],
    ['?q=no%20such%20mailbox', `details ->> 'answer' like '%No such mailbox%'`],
    ['?q=100%25', 'false'],
  ])('of %s holds exactly what the filter says', async (filter, condition) => {
    const expected = await superuser.query({
      text: `select id from activity_log where ${condition} order by seq desc`,
      values: [],
    })
    const rows = await csv(filter)
    expect(rows.map(({ id }) => id)).toEqual((expected.rows as { id: string }[]).map(({ id }) => id))
    if (condition !== 'false') expect(rows.length).toBeGreaterThan(0)
  })

  test('counts the days of from and to by the clock of the company', async () => {
    await run(app.db, sql`update company set time_zone = 'Pacific/Auckland'`)
    const rows = await csv('?from=2026-03-01&to=2026-03-02')
    await run(app.db, sql`update company set time_zone = 'UTC'`)
    const expected = await many(
      app.db,
      z.object({ id: z.string() }),
      sql`select id from activity_log where at >= '2026-02-28T11:00Z' and at < '2026-03-02T11:00Z' order by seq desc`,
    )
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
  })

  test('shows what the pages of the same view show, all of them together', async () => {
    const filter = 'event=user_updated&from=2026-01-01'
    const shown: string[] = []
    for (let address: string | undefined = `/activity-log?${filter}`; address;) {
      const text: string = (await auditor.get(address).expect(200)).text
      shown.push(
        ...[...text.matchAll(/<dt>Entry<\/dt><dd>[\d,]+<small>([\w-]{36})/g)].map(([, id = '']) => id),
      )
      address = /<a class="button" href="([^"]+)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(shown.length).toBeGreaterThan(100)
    expect((await csv(`?${filter}`)).map(({ id }) => id)).toEqual(shown)
  })

  test.each([
    '?ip=1.2',
    '?from=yesterday',
    '?event=all',
    '?category=none',
    '?actor=nobody-at-all',
    '?q=%00',
    '?ip=1&ip=2',
  ])(
    'is refused, beside the field, for the filter %s: never more is exported than was asked for',
    async (filter) => {
      const before = await headNow()
      const answer = await auditor.get(`/activity-log.csv${filter}`)
      expect([answer.status, answer.type]).toEqual([422, 'text/html'])
      expect(answer.text).toMatch(/class="error"|role="alert"/)
      expect(await exportsSince(before)).toEqual([])
    },
  )
})

describe('who takes an export', () => {
  test('of a team finds the people of that team alone, on the page and in the file', async () => {
    await run(
      app.db,
      sql`insert into roles (name, kind, scope, permissions) values ('Team auditor', 'office', 'team', '{activity.view,activity.export}')`,
    )
    const viewer = await app.signIn(
      await app.createUser({ name: 'Tea Teamer', role: 'Team auditor', team: 'Crew 0001' }),
    )
    const rows = rowsOf((await viewer.get('/activity-log.csv').expect(200)).text)
    const team = await many(
      app.db,
      z.object({ id: z.string() }),
      sql`select u.id from users u join teams t on t.id = u.team_id where t.name = 'Crew 0001'`,
    )
    const theirs = new Set(team.map(({ id }) => id))
    expect(rows.length).toBeGreaterThan(5_000)
    expect(rows.filter(({ subject_id }) => !theirs.has(subject_id ?? ''))).toEqual([])
    const [told] = (await exportsSince('0')).slice(-1)
    expect(told?.details).toMatchObject({ team: 'Crew 0001' })
    const { text } = await viewer.get('/activity-log').expect(200)
    expect(text).not.toMatch(/[\d,]{6} entries since/)
    expect(text).not.toContain('Dana Admin signed in')
    expect((await viewer.get('/activity-log?about=admin@firm.test')).status).toBe(422)
  })

  test('entered the password in the last half hour, or enters it first and then has the file', async () => {
    const other = await app.signIn(await app.createUser({ name: 'Ada Auditor', role: 'Auditor' }))
    await run(superuser, sql`update sessions set reauthenticated_at = now() - interval '31 minutes'`)
    const asked = await other.get('/activity-log.csv?event=sign_in')
    expect([asked.status, asked.headers.location]).toEqual([
      303,
      `/confirm-password?next=${encodeURIComponent('/activity-log.csv?event=sign_in')}`,
    ])
    await run(superuser, sql`update sessions set reauthenticated_at = now()`)
  })

  test('has ten an hour', async () => {
    const other = await app.signIn(await app.createUser({ name: 'Ben Auditor', role: 'Auditor' }))
    for (let i = 0; i < 10; i++) await other.get('/activity-log.csv?event=email_verified').expect(200)
    const answer = await other.get('/activity-log.csv?event=email_verified')
    expect(answer.status).toBe(429)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('only looks, by HEAD, or comes from another site, and gets nothing', async () => {
    const before = await headNow()
    expect((await auditor.head('/activity-log.csv')).status).toBe(405)
    const foreign = await auditor.get('/activity-log.csv?q=x').set('Sec-Fetch-Site', 'cross-site')
    expect([foreign.status, foreign.headers.location]).toEqual([303, '/activity-log?q=x'])
    expect(await exportsSince(before)).toEqual([])
  })
})

describe('the evidence pack', () => {
  const packOf = async (filter: string) => {
    const { body } = await auditor
      .get(`/activity-log/evidence.zip${filter}`)
      .buffer()
      .parse(bytes as never)
      .expect(200)
    return body as Buffer
  }
  const check = (pack: Buffer) => checkEvidence(pack, { zip, verify: fits })
  const fits = async (der: Uint8Array, signature: Uint8Array, signed: Uint8Array) =>
    verify(null, signed, createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }), signature)
  const withRows = (pack: Buffer, change: (rows: string[]) => string[]) =>
    tampered(pack, {
      'activity.csv': (csv) => {
        const [header = '', ...rows] = csv.toString().split('\r\n')
        return Buffer.from([header, ...change(rows.slice(0, -1)), ''].join('\r\n'))
      },
    })

  test('of a real export is good, and what was done to it is told by row and id', async () => {
    const pack = await packOf('?event=email_verified')
    const rows = await csv('?event=email_verified')
    const good = await check(pack)
    expect(good).toMatchObject({ ok: true, manifest: { rows: rows.length, reach: 'the whole company' } })
    const swapped = await check(
      await withRows(pack, ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest]),
    )
    expect(swapped.verdict).toMatch(/^The order of the rows was changed, first at row 2/)
    const missing = await check(await withRows(pack, ([a = '', , ...rest]) => [a, ...rest]))
    expect(missing.verdict).toContain(
      `Row 2 is missing, between row 1 (id ${rows[0]?.id}) and row 3 (id ${rows[2]?.id})`,
    )
    const changed = await check(
      await withRows(pack, ([a = '', ...rest]) => [a.replace('email_verified', 'sign_out'), ...rest]),
    )
    expect(changed.verdict).toContain(`Row 1 (id ${rows[0]?.id}) was changed.`)
    const cut = await check(await withRows(pack, (all) => all.slice(0, -2)))
    expect(cut.verdict).toContain('the last 2 rows are missing')
  })

  test('whose key cannot be had keeps nobody from the next export', async () => {
    const holder = await superuser.pool.connect()
    await holder.query("select pg_advisory_lock(hashtext('evidence_keys'))")
    const failed = await auditor.get('/activity-log/evidence.zip?event=email_verified')
    await holder.query('select pg_advisory_unlock_all()')
    holder.release()
    expect(failed.status).toBe(500)
    expect((await auditor.get('/activity-log.csv?event=email_verified')).status).toBe(200)
  })
})

const bytes = (answer: NodeJS.ReadableStream, done: (error: Error | null, body: Buffer) => void) => {
  const chunks: Buffer[] = []
  answer.on('data', (chunk: Buffer) => chunks.push(chunk))
  answer.on('end', () => done(null, Buffer.concat(chunks)))
}

describe('a download that breaks off', () => {
  /** Begins the export and stops reading after the first bytes. */
  async function begun(address = '/activity-log.csv') {
    const { port } = server.address() as AddressInfo
    const request = http.get({
      port,
      host: '127.0.0.1',
      path: address,
      headers: { Cookie: auditor.cookies() },
    })
    request.on('error', () => {}) // told by the answer
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    expect(answer.statusCode).toBe(200)
    await once(answer, 'readable')
    return answer
  }
  const copies = () =>
    many(
      superuser,
      z.object({ pid: z.number() }),
      sql`select pid from pg_stat_activity where datname = current_database() and query like 'copy (%' and state = 'active'`,
    )
  const gone = async () => {
    for (let i = 0; i < 40 && (await copies()).length > 0; i++) await sleep(50)
    return (await copies()).length === 0
  }
  /** The rest of the answer: how many bytes, and whether it ended as a whole one does. */
  async function rest(answer: http.IncomingMessage) {
    const ended = new Promise<boolean>((resolve) => {
      answer.on('end', () => resolve(true))
      answer.on('error', () => resolve(false))
    })
    answer.resume()
    return ended
  }
  const brokenOff = async (since: string) => {
    for (let i = 0; i < 40 && (await exportsSince(since)).length === 0; i++) await sleep(50)
    return exportsSince(since)
  }

  test('because the client leaves leaves no query behind, and is recorded as broken off', async () => {
    const before = await headNow()
    const answer = await begun()
    expect(await copies()).toHaveLength(1)
    answer.destroy()
    expect(await gone()).toBe(true)
    const [entry] = await brokenOff(before)
    expect(entry?.details).toMatchObject({ format: 'csv', complete: false })
    expect(Number(entry?.details.rows)).toBeLessThan(30_000)
  })

  test.each(['/activity-log.csv', '/activity-log/evidence.zip'])(
    'because the query fails never looks whole: %s',
    async (address) => {
      const before = await headNow()
      const answer = await begun(address)
      const [copy] = await vi.waitFor(async () => {
        const running = await copies()
        expect(running).toHaveLength(1) // the first bytes of a pack come before its rows
        return running
      })
      await run(superuser, sql`select pg_terminate_backend(${copy?.pid})`)
      expect(await rest(answer)).toBe(false)
      expect((await brokenOff(before))[0]?.details).toMatchObject({ complete: false })
    },
  )

  test('is not begun over HTTP/1.0, where the end of the connection is the end of the answer', async () => {
    const before = await headNow()
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write(`GET /activity-log.csv HTTP/1.0\r\nCookie: ${auditor.cookies()}\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 505 [\s\S]*This download needs HTTP\/1\.1/)
    expect(await exportsSince(before)).toEqual([])
  })

  test('because it cannot be recorded never looks whole either', async () => {
    const role = `"${new URL(app.connectionString).username}"`
    await superuser.query({ text: `revoke insert on activity_log from ${role}`, values: [] })
    try {
      const answer = await begun('/activity-log.csv?event=email_verified')
      expect(await rest(answer)).toBe(false)
    } finally {
      await superuser.query({ text: `grant insert on activity_log to ${role}`, values: [] })
    }
  })

  test('does not keep its owner from another, but two at once it does', async () => {
    const answer = await begun()
    expect((await auditor.get('/activity-log.csv')).status).toBe(429)
    answer.destroy()
    expect(await gone()).toBe(true)
    expect((await auditor.get('/activity-log.csv?event=email_verified')).status).toBe(200)
  })
})
