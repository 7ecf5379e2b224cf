import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../src/foundation/db.ts'
import { logged, password, type Somebody } from '../support/people.ts'
import { testHouse } from '../support/house.ts'
import type { Visitor } from '../support/visitor.ts'

const house = testHouse()
const fieldworker = (name = 'Fia Field') => house.add({ name, role: 'Fieldworker' })
const age = (who: Somebody, column: string, interval: string) =>
  run(
    house.db,
    sql`update sessions set ${sqlName(column)} = ${sqlName(column)} - ${interval}::interval where user_id = ${who.id}`,
  )
const sqlName = (column: string) => sql([column] as unknown as TemplateStringsArray)
const isIn = async (visitor: Visitor) => (await visitor.get('/account')).status === 200

describe('how long a session lasts', () => {
  test('not remembered: sixty minutes idle at most', async () => {
    const somebody = await fieldworker()
    const visitor = await house.signIn(somebody)
    await age(somebody, 'last_seen_at', '59 minutes')
    expect(await isIn(visitor)).toBe(true)
    await age(somebody, 'last_seen_at', '61 minutes')
    expect(await isIn(visitor)).toBe(false)
  })

  test('not remembered: twelve hours at most, however busy', async () => {
    const somebody = await fieldworker()
    const visitor = await house.signIn(somebody)
    await age(somebody, 'ends_at', '11 hours 59 minutes')
    expect(await isIn(visitor)).toBe(true)
    await age(somebody, 'ends_at', '2 minutes')
    expect(await isIn(visitor)).toBe(false)
  })

  test('remembered: thirty days from the password, idle or not, and use does not stretch them', async () => {
    const somebody = await fieldworker()
    const visitor = await house.signIn(somebody, true)
    await age(somebody, 'last_seen_at', '29 days')
    await age(somebody, 'ends_at', '29 days 23 hours')
    expect(await isIn(visitor)).toBe(true)
    await age(somebody, 'ends_at', '1 hour 1 minute')
    expect(await isIn(visitor)).toBe(false)
  })

  test('remembered: twelve hours for whoever holds a permission', async () => {
    await house.signIn(house.cast.admin, true)
    const rows = await many(
      house.db,
      z.object({ hours: z.coerce.number() }),
      sql`select round(extract(epoch from ends_at - started_at) / 3600) as hours from sessions
          where user_id = ${house.cast.admin.id} and remembered`,
    )
    expect(rows).toEqual([{ hours: 12 }])
  })
})

describe('the cookie', () => {
  test('is opaque, HttpOnly and Lax; a browser keeps it past its closing only when remembered', async () => {
    const cookieOf = async (remember: boolean) => {
      const visitor = house.visitor()
      const fields = { email: house.cast.sam.email, password, ...(remember ? { remember: '1' } : {}) }
      const set = (await visitor.post('/sign-in', fields)).headers['set-cookie'] as unknown as string[]
      return set.find((cookie) => cookie.startsWith('sid=')) ?? ''
    }
    const [kept, passing] = [await cookieOf(true), await cookieOf(false)]
    for (const cookie of [kept, passing])
      expect(cookie).toMatch(/^sid=s%3A[\w-]{32}\..*; Path=\/; .*HttpOnly; SameSite=Lax$/)
    const days = (Date.parse(/Expires=([^;]+)/.exec(kept)?.[1] ?? '') - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(29.9)
    expect(passing).not.toContain('Expires')
  })

  test('has a new value after sign-in, step-up and change of password, and the old one opens nothing', async () => {
    const somebody = await fieldworker()
    const visitor = house.visitor()
    await visitor.get('/sign-in')
    const values = [visitor.sessionCookie()]
    await visitor.signIn(somebody.email, password)
    values.push(visitor.sessionCookie())
    await visitor.post('/confirm-password', { password, next: '/account' })
    values.push(visitor.sessionCookie())
    const newPassword = 'lantern violet spruce 44'
    await visitor.post('/account/password', {
      currentPassword: password,
      newPassword,
      confirmPassword: newPassword,
    })
    values.push(visitor.sessionCookie())

    expect(new Set(values).size).toBe(4)
    for (const old of values.slice(0, 3))
      expect((await house.visitor().get('/account').set('Cookie', old)).status).toBe(303)
    expect(await isIn(visitor)).toBe(true)
  })

  test('with one character altered opens nothing', async () => {
    const visitor = await house.signIn(await fieldworker())
    const altered = visitor.sessionCookie().replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    expect((await house.visitor().get('/account').set('Cookie', altered)).status).toBe(303)
  })

  test('is not handed out, and nothing is written, for a stranger who only looks', async () => {
    const count = () => house.db.query(sql`select count(*) from session_data`)
    const before = (await count()).rows
    for (const place of ['/fieldworkers', '/', '/healthz', '/nowhere', '/app.css'])
      expect((await house.visitor().get(place)).headers['set-cookie']).toBeUndefined()
    expect((await count()).rows).toEqual(before)
  })
})

describe('signing out', () => {
  test('kills the session on the server, is recorded, and tells the browser to forget', async () => {
    const somebody = await fieldworker()
    const visitor = await house.signIn(somebody)
    const stolen = visitor.sessionCookie()
    const answer = await visitor.post('/sign-out', {}, '/account')
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
    expect(answer.headers['clear-site-data']).toBe('"cache", "storage"')
    expect((await house.visitor().get('/account').set('Cookie', stolen)).status).toBe(303)
    expect(await logged(house.db, somebody, 'sign_out')).toHaveLength(1)
  })

  test('is not done by following a link', async () => {
    const visitor = await house.signIn(await fieldworker())
    expect((await visitor.get('/sign-out')).status).toBe(404)
    expect(await isIn(visitor)).toBe(true)
  })
})

test.each(['blocked', 'inactive'])('whoever becomes %s is out at their next request', async (status) => {
  const somebody = await fieldworker()
  const visitor = await house.signIn(somebody, true)
  await run(house.db, sql`update users set status = ${status} where id = ${somebody.id}`)
  expect(await isIn(visitor)).toBe(false)
})

test('whoever is let in again after a block signs in anew: no session comes back to life', async () => {
  const somebody = await fieldworker()
  const visitor = await house.signIn(somebody, true)
  for (const status of ['blocked', 'active'])
    await run(house.db, sql`update users set status = ${status} where id = ${somebody.id}`)
  expect(await isIn(visitor)).toBe(false)
})

test('a change of role counts at the next request', async () => {
  const somebody = await house.add({ name: 'Rolf Role', role: 'Admin' })
  const visitor = await house.signIn(somebody)
  expect((await visitor.get('/fieldworkers')).status).toBe(200)
  await run(
    house.db,
    sql`update users set role_id = (select id from roles where name = 'Fieldworker') where id = ${somebody.id}`,
  )
  expect((await visitor.get('/fieldworkers')).status).toBe(403)
})
