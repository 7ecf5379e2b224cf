import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../../src/platform/db.ts'
import { activityFor, password, type TestUser } from '../../support/people.ts'
import { createTestApp } from '../../support/test-app.ts'
import type { HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const fieldworker = (name = 'Fia Field') => app.createUser({ name, role: 'Fieldworker' })
const age = (who: TestUser, column: string, interval: string) =>
  run(
    app.db,
    sql`update sessions set ${sqlName(column)} = ${sqlName(column)} - ${interval}::interval where user_id = ${who.id}`,
  )
const sqlName = (column: string) => sql([column] as unknown as TemplateStringsArray)
const isIn = async (client: HttpClient) => (await client.get('/account')).status === 200

describe('how long a session lasts', () => {
  test('not remembered: sixty minutes idle at most', async () => {
    const somebody = await fieldworker()
    const client = await app.signIn(somebody)
    await age(somebody, 'last_seen_at', '59 minutes')
    expect(await isIn(client)).toBe(true)
    await age(somebody, 'last_seen_at', '61 minutes')
    expect(await isIn(client)).toBe(false)
  })

  test('not remembered: twelve hours at most, however busy', async () => {
    const somebody = await fieldworker()
    const client = await app.signIn(somebody)
    await age(somebody, 'ends_at', '11 hours 59 minutes')
    expect(await isIn(client)).toBe(true)
    await age(somebody, 'ends_at', '2 minutes')
    expect(await isIn(client)).toBe(false)
  })

  test('remembered: thirty days from the password, idle or not, and use does not extend them', async () => {
    const somebody = await fieldworker()
    const client = await app.signIn(somebody, true)
    await age(somebody, 'last_seen_at', '29 days')
    await age(somebody, 'ends_at', '29 days 23 hours')
    expect(await isIn(client)).toBe(true)
    await age(somebody, 'ends_at', '1 hour 1 minute')
    expect(await isIn(client)).toBe(false)
  })

  test('remembered: twelve hours for people with a permission', async () => {
    await app.signIn(app.cast.admin, true)
    const rows = await many(
      app.db,
      z.object({ hours: z.coerce.number() }),
      sql`select round(extract(epoch from ends_at - started_at) / 3600) as hours from sessions
          where user_id = ${app.cast.admin.id} and remembered`,
    )
    expect(rows).toEqual([{ hours: 12 }])
  })
})

describe('the cookie', () => {
  test('is opaque, HttpOnly and Lax; a browser keeps it after closing only if remembered', async () => {
    const cookieOf = async (remember: boolean) => {
      const client = app.client()
      const fields = { email: app.cast.sam.email, password, ...(remember ? { remember: '1' } : {}) }
      const set = (await client.post('/sign-in', fields)).headers['set-cookie'] as unknown as string[]
      return set.find((cookie) => cookie.startsWith('sid=')) ?? ''
    }
    const [kept, passing] = [await cookieOf(true), await cookieOf(false)]
    for (const cookie of [kept, passing])
      expect(cookie).toMatch(/^sid=s%3A[\w-]{32}\..*; Path=\/; .*HttpOnly; SameSite=Lax$/)
    const days = (Date.parse(/Expires=([^;]+)/.exec(kept)?.[1] ?? '') - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(29.9)
    expect(passing).not.toContain('Expires')
  })

  test('has a new value after sign-in, step-up and change of password, and the old one is not valid', async () => {
    const somebody = await fieldworker()
    const client = app.client()
    await client.get('/sign-in')
    const values = [client.sessionCookie()]
    await client.signIn(somebody.email, password)
    values.push(client.sessionCookie())
    await client.post('/confirm-password', { password, next: '/account' })
    values.push(client.sessionCookie())
    const newPassword = 'lantern violet spruce 44'
    await client.post('/account/password', {
      currentPassword: password,
      newPassword,
      confirmPassword: newPassword,
    })
    values.push(client.sessionCookie())

    expect(new Set(values).size).toBe(4)
    for (const old of values.slice(0, 3))
      expect((await app.client().get('/account').set('Cookie', old)).status).toBe(303)
    expect(await isIn(client)).toBe(true)
  })

  test('is not valid with one character changed', async () => {
    const client = await app.signIn(await fieldworker())
    const altered = client.sessionCookie().replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    expect((await app.client().get('/account').set('Cookie', altered)).status).toBe(303)
  })

  test('is not set, and nothing is stored, for a visitor who only reads pages', async () => {
    const count = () => app.db.query(sql`select count(*) from session_data`)
    const before = (await count()).rows
    for (const place of ['/fieldworkers', '/', '/healthz', '/nowhere', '/app.css'])
      expect((await app.client().get(place)).headers['set-cookie']).toBeUndefined()
    expect((await count()).rows).toEqual(before)
  })
})

describe('signing out', () => {
  test('ends the session on the server, is recorded, and clears the browser’s data', async () => {
    const somebody = await fieldworker()
    const client = await app.signIn(somebody)
    const stolen = client.sessionCookie()
    const answer = await client.post('/sign-out', {}, '/account')
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
    expect(answer.headers['clear-site-data']).toBe('"cache", "storage"')
    expect((await app.client().get('/account').set('Cookie', stolen)).status).toBe(303)
    expect(await activityFor(app.db, somebody, 'sign_out')).toHaveLength(1)
  })

  test('does not happen by following a link', async () => {
    const client = await app.signIn(await fieldworker())
    expect((await client.get('/sign-out')).status).toBe(404)
    expect(await isIn(client)).toBe(true)
  })
})

test.each(['blocked', 'inactive'])(
  'a person who becomes %s is signed out at their next request',
  async (status) => {
    const somebody = await fieldworker()
    const client = await app.signIn(somebody, true)
    await run(app.db, sql`update users set status = ${status} where id = ${somebody.id}`)
    expect(await isIn(client)).toBe(false)
  },
)

test('after a block is lifted the person signs in again: no session is revived', async () => {
  const somebody = await fieldworker()
  const client = await app.signIn(somebody, true)
  for (const status of ['blocked', 'active'])
    await run(app.db, sql`update users set status = ${status} where id = ${somebody.id}`)
  expect(await isIn(client)).toBe(false)
})

test('a change of role takes effect at the next request', async () => {
  const somebody = await app.createUser({ name: 'Rolf Role', role: 'Admin' })
  const client = await app.signIn(somebody)
  expect((await client.get('/fieldworkers')).status).toBe(200)
  await run(
    app.db,
    sql`update users set role_id = (select id from roles where name = 'Fieldworker') where id = ${somebody.id}`,
  )
  expect((await client.get('/fieldworkers')).status).toBe(403)
})
