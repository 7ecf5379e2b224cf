import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { Db, many, run, sql } from '../../src/platform/db.ts'
import { ownerOf } from '../support/database.ts'
import { sessionSecret, createTestApp } from '../support/test-app.ts'
import { credential, password } from '../support/people.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'
import { HttpClient, textOf } from '../support/http-client.ts'

const app = createTestApp()
const newPassword = 'violin trunk harvest 58 otter'
const choice = { newPassword, confirmPassword: newPassword }

let server: RunningServer
beforeAll(async () => {
  server = await startServer({
    ...{ DATABASE_URL: app.connectionString, SESSION_SECRET: sessionSecret, WORKER: 'off', DEMO: 'off' },
  })
})
afterAll(async () => {
  server.kill('SIGTERM')
  await server.ended
})

const client = () => new HttpClient(server.address)
const signedIn = (who: keyof typeof app.cast) => client().signIn(app.cast[who].email, password)
/** What the running server has told its own log, line by line. */
const lines = () =>
  server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const told = (event: string) => lines().filter((line) => line.event === event)
/** It is in another process, so what it says of an answer may come after it. */
const says = (line: object) =>
  vi.waitFor(() => expect(lines()).toContainEqual(expect.objectContaining(line)), 10_000)
const referenceOn = (text: string) => /Reference ([0-9A-F]{10})/.exec(textOf(text))?.[1]

test('row 139, ASVS 16.2.1, AU-3: an entry says when, what, who, about which person, from where and by which request', async () => {
  const who = await app.createUser({ name: 'Enno Entry', role: 'Fieldworker' })
  await client().post('/sign-in', { email: who.email, password: 'wrong' })
  await client().signIn(who.email, password)
  const Entry = z.object({
    ...{ seq: z.string(), event: z.string(), category: z.string(), ip: z.string(), user_agent: z.string() },
    ...{ request_id: z.string(), actor_id: z.string().nullable(), subject_id: z.string(), at: z.date() },
  })
  const entries = await many(
    app.db,
    Entry,
    sql`select seq::text, event, category, ip::text, user_agent, request_id, actor_id, subject_id, at
        from activity_log where subject_id = ${who.id} order by seq`,
  )
  expect(entries).toMatchObject([
    { event: 'sign_in_failed', category: 'security', actor_id: null, subject_id: who.id },
    { event: 'sign_in', category: 'security', actor_id: who.id, subject_id: who.id },
  ])
  for (const { ip, user_agent, request_id } of entries) {
    expect([ip.replace('/32', ''), user_agent]).toEqual(['127.0.0.1', expect.stringContaining('Chrome/142')])
    await says({ reference: request_id, path: '/sign-in', method: 'POST' })
  }
})

describe('the server log records', () => {
  test('row 143, ASVS 16.3.1: a password entered again', async () => {
    const sam = await signedIn('sam')
    const step = { method: 'POST', path: '/confirm-password', actor: app.cast.sam.id }
    await sam.post('/confirm-password', { password: 'wrong', next: '/account' })
    await says({ ...step, status: 422 })
    await says({ activity: 'sign_in_failed', subject: app.cast.sam.id })
    await sam.post('/confirm-password', { password, next: '/account' })
    await says({ ...step, status: 303 })
  })

  test('row 144, ASVS 16.3.2: each denial, with the person, the request and the reference that they saw', async () => {
    const sam = await signedIn('sam')
    const answer = await sam.get(`/users/${app.cast.otto.id}/password`)
    expect(answer.status).toBe(403)
    await says({
      ...{ level: 'warn', event: 'authz_fail', actor: app.cast.sam.id, ip: '127.0.0.1' },
      ...{ path: `/users/${app.cast.otto.id}/password`, reference: referenceOn(answer.text) },
    })
  })

  test('row 145, ASVS 16.3.3: a forged form', async () => {
    const answer = await (await signedIn('sam')).postBare('/account/password', choice)
    const reference = referenceOn(answer.text)
    await says({ event: 'malicious_csrf', path: '/account/password', reference })
  })

  test('row 244, ASVS 3.4.7: browser reports, a few in a minute, and how many were left out (fault 17)', async () => {
    const report = () =>
      fetch(`${server.address}/csp-report`, {
        ...{ method: 'POST', body: '{"csp-report":{"blocked-uri":"inline"}}' },
        headers: { 'Content-Type': 'application/csp-report' },
      })
    const statuses = await Promise.all(Array.from({ length: 300 }, async () => (await report()).status))
    expect(statuses.filter((status) => status === 204)).toHaveLength(20)
    expect((await report()).headers.get('retry-after')).toMatch(/^\d+$/)
    await client().get('/healthz')
    await says({ path: '/healthz' })
    const about = lines().filter(({ path, report }) => path === '/csp-report' || report !== undefined)
    expect(about).toHaveLength(40) // each of those twenty, and its request
  })

  test('rows 46 and 145, ASVS 16.3.3: a link that is used again', async () => {
    const who = await app.createUser({ name: 'Rolf Reuse', role: 'Fieldworker' })
    await client().post('/forgot-password', { email: who.email })
    await app.runJobs()
    const [email] = await app.emailsTo(who)
    const path = new URL(email?.link ?? '').pathname
    const owner = client()
    await owner.get(path)
    await owner.post('/reset-password', choice)
    const before = told('authn_token_reuse').length
    expect((await client().get(path)).status).toBe(410)
    await vi.waitFor(() => expect(told('authn_token_reuse')).toHaveLength(before + 1), 10_000)
    expect(server.output()).not.toContain(path.split('/').at(-1))
  })

  test('rows 42 and 145, ASVS 2.4.1: too many requests', async () => {
    await client().post('/forgot-password', { email: 'first@firm.test' })
    await run(app.db, sql`update rate_limits set points = 300 where key like 'forgot-network:%'`)
    const answer = await client().post('/forgot-password', { email: 'next@firm.test' })
    expect(answer.status).toBe(429)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    const reference = referenceOn(answer.text)
    await says({ event: 'excess_rate_limit_exceeded', path: '/forgot-password', reference })
  })
})

test('row 147, ASVS 16.4.1: nobody can inject a line', async () => {
  const forged = '\n{"level":"info","event":"forged"}\n'
  const stranger = client()
  const _csrf = await stranger.token('/sign-in')
  await stranger
    .postBare('/sign-in', { _csrf, email: `x${forged}`, password: forged, next: forged })
    .set('User-Agent', '{"event":"forged"}')
  await stranger.get(`/${encodeURIComponent(forged)}?q=${encodeURIComponent(forged)}`)
  await stranger.postRaw('/csp-report', 'application/csp-report', JSON.stringify({ forged }))
  await says({ msg: 'content security policy violation' })
  expect(told('forged')).toEqual([])
})

test('rows 146, 152, 154 and 157, AU-5, ASVS 16.5: an action that cannot be recorded is rolled back, reveals no internals, and the server continues', async () => {
  const owner = new Db(ownerOf(app.connectionString))
  await owner.pool
    .query(`create function refuse() returns trigger language plpgsql as $$ begin raise 'canary of the database'; end $$;
    create trigger refuse before insert on activity_log for each row when (new.event = 'password_change') execute function refuse()`)
  const otto = await signedIn('otto')
  const before = await credential(app.db, app.cast.otto)
  const answer = await otto.post('/account/password', { currentPassword: password, ...choice })
  await owner.pool.query('drop trigger refuse on activity_log; drop function refuse')
  await owner.close()

  expect(answer.status).toBe(500)
  const reference = referenceOn(answer.text)
  expect(reference).toBeDefined()
  expect(answer.text).not.toMatch(
    /canary|node_modules|\.ts\b|plpgsql|activity_log|refuse\(|express|postgres/i,
  )
  expect(await credential(app.db, app.cast.otto)).toEqual(before)
  await says({ level: 'error', reference, msg: 'unexpected error' })
  expect((await otto.get('/account')).status).toBe(200)
  expect(
    (await otto.post('/account/password', { currentPassword: password, ...choice })).headers.location,
  ).toBe('/account')
})

test('rows 70, 140 and 141, ASVS 16.2: each line is JSON with its time in UTC, and contains no email address and no password', () => {
  const [, said = ''] = server.output().split(/ready at .*\n/)
  const written = said.split('\n').filter(Boolean)
  expect(written.length).toBeGreaterThan(40)
  for (const line of written)
    expect(JSON.parse(line)).toMatchObject({ time: expect.stringMatching(/T[\d:.]+Z$/) as string })
  for (const secret of ['@firm.test', password, newPassword]) expect(said).not.toContain(secret)
})
