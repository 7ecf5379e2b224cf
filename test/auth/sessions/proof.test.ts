import { beforeEach, describe, expect, test } from 'vitest'
import { one, run, sql } from '../../../src/platform/db.ts'
import { z } from 'zod'
import { createTestApp } from '../../support/test-app.ts'
import { lockRows, untilWaiting } from '../../support/locks.ts'
import { credential, password, type TestUser } from '../../support/people.ts'
import { HttpClient, textOf } from '../../support/http-client.ts'
import { HalfSent } from '../../support/half-sent.ts'

const app = createTestApp()
const officePassword = 'granite nineteen lantern 8'
const newPassword = 'violin trunk harvest 58 otter'
const choice = { newPassword, confirmPassword: newPassword }
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1'
const stepUp = (next: string) => `/confirm-password?next=${encodeURIComponent(next)}`
const worker = (traits = {}) => app.createUser({ name: 'Fia Field', role: 'Fieldworker', ...traits })

beforeEach(() => run(app.db, sql`delete from rate_limits`))

/** The office sets a lasting password and leaves the devices signed in. */
async function officeSetsPassword(of: TestUser) {
  const owner = await app.as('owner')
  const fields = { newPassword: officePassword, confirmPassword: officePassword }
  expect((await owner.post(`/users/${of.id}/password`, fields)).status).toBe(303)
}

/** Every event that makes an earlier proof worthless while the session goes on. */
const changes: Record<string, (who: TestUser, client: HttpClient) => Promise<unknown>> = {
  'the office set another password': (who) => officeSetsPassword(who),
  'the password expired': (who) =>
    run(
      app.db,
      sql`update users set password_expired_at = now(), password_grace_until = now() + interval '1 hour'
          where id = ${who.id}`,
    ),
  'the role was changed': async (who) => {
    const { id } = await one(
      app.db,
      z.object({ id: z.string() }),
      sql`insert into roles (name, kind, scope, permissions) select name || ' of ' || ${who.id}, kind, scope, permissions
          from roles where id = (select role_id from users where id = ${who.id}) returning id`,
    )
    const owner = await app.as('owner')
    expect((await owner.post(`/users/${who.id}/role`, { roleId: id })).status).toBe(303)
  },
  'the owner moved the account to another address': async (who, client) => {
    await client.post('/account/email', { email: `new.${who.email}`, password })
    await app.runJobs()
    const [email] = await app.emailsTo({ ...who, email: `new.${who.email}` })
    const path = new URL(email?.link ?? '').pathname
    const pressed = await app.client().post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
    expect(pressed.status).toBe(303)
  },
}

describe('a password that was entered before', () => {
  const onPhone = Object.keys(changes).filter((name) => name !== 'the role was changed') // only one role has it
  test.each(onPhone)('changes nothing under /m after %s (fault 4)', async (name) => {
    const who = await worker()
    const client = await app.client(iphone).signIn(who.email, password)
    const _csrf = await client.token('/m/password')
    await changes[name]?.(who, client)
    const before = await credential(app.db, who)
    expect((await client.get('/m/password')).headers.location).toBe(stepUp('/m/password'))
    const answer = await client.postBare('/m/password', { _csrf, ...choice })
    expect([answer.status, answer.headers.location]).toEqual([303, stepUp('/m/password')])
    expect(await credential(app.db, who)).toEqual(before)
  })

  // After an expiry nothing else opens until the password is replaced.
  const forOffice = Object.keys(changes).filter((name) => name !== 'the password expired')
  test.each(forOffice)('is no step-up for the office after %s (fault 4)', async (name) => {
    const who = await app.createUser({ name: 'Ada Admin', role: 'Admin' })
    const target = await worker()
    const client = await app.signIn(who)
    const _csrf = await client.token('/account')
    await changes[name]?.(who, client)
    for (const place of [
      `/users/${target.id}/password`,
      `/users/${target.id}/details`,
      `/users/${target.id}/impersonation`,
      '/settings/company/security',
      '/fieldworkers.csv',
    ])
      expect((await client.get(place)).headers.location).toBe(stepUp(place))
    const before = await credential(app.db, target)
    const posts: Record<string, Record<string, string>> = {
      [`/users/${target.id}/password`]: choice,
      [`/users/${target.id}/status`]: { status: 'blocked' },
      [`/users/${target.id}/sessions/end`]: {},
      [`/users/${target.id}/impersonation`]: { reason: 'Cannot find the job sheet' },
    }
    for (const [place, fields] of Object.entries(posts)) {
      const { headers } = await client.postBare(place, { _csrf, ...fields })
      expect(headers.location).toMatch(/^\/confirm-password/)
    }
    expect(await credential(app.db, target)).toEqual(before)
  })

  test('must be entered again as the password that the office set (fault 4)', async () => {
    const who = await worker()
    const client = await app.client(iphone).signIn(who.email, password)
    await officeSetsPassword(who)
    const confirm = (typed: string) =>
      client.post('/confirm-password', { password: typed, next: '/m/password' })
    expect((await confirm(password)).status).toBe(422)
    expect((await confirm(officePassword)).headers.location).toBe('/m/password')
    expect((await client.post('/m/password', choice)).headers.location).toBe('/m')
    await app.signIn(who, false, newPassword)
  })

  test('still counts after changing one’s own password, for the session that did it (fault 4)', async () => {
    const who = await worker()
    const client = await app.client(iphone).signIn(who.email, password)
    expect((await client.post('/m/password', choice)).headers.location).toBe('/m')
    expect((await client.get('/m/password')).status).toBe(200)
  })
})

describe('a request under way', () => {
  test('changes no password under /m if the one entered was replaced meanwhile (fault 4)', async () => {
    const who = await worker()
    const client = await app.client(iphone).signIn(who.email, password)
    const _csrf = await client.token('/m/password')
    await run(
      app.db,
      sql`update sessions set last_seen_at = now() - interval '2 minutes' where user_id = ${who.id}`,
    )
    const post = await HalfSent.post(app.express, '/m/password', client.sessionCookie(), {
      _csrf,
      ...choice,
    })
    const seen = sql`select from sessions where user_id = ${who.id} and last_seen_at > now() - interval '1 minute'`
    await expect.poll(async () => (await app.db.query(seen)).rows.length, { timeout: 10_000 }).toBe(1)
    await officeSetsPassword(who)
    const before = await credential(app.db, who)
    expect(await post.finish()).toBe(403)
    expect(await credential(app.db, who)).toEqual(before)
  })

  test('is no step-up if the password was replaced while it was being verified (fault 4)', async () => {
    const who = await worker()
    const client = await app.client(iphone).signIn(who.email, password)
    await run(app.db, sql`update sessions set reauthenticated_at = now() - interval '16 minutes'`)
    await client.post('/confirm-password', { password: 'wrong' }) // makes the row that is locked next
    const _csrf = await client.token('/confirm-password')
    const lock = await lockRows(app.db, sql`select from password_failures for update`)
    const proving = client.postBare('/confirm-password', { _csrf, password }).then(() => {})
    await untilWaiting(app.db)
    await lock.query(sql`update users set credential_version = credential_version + 1 where id = ${who.id}`)
    await lock.release()
    await proving
    expect((await client.get('/m/password')).headers.location).toBe(stepUp('/m/password'))
  })

  test('of an admin is not carried out if their own password was replaced meanwhile (fault 4)', async () => {
    const [target, admin] = [await worker(), await worker()].sort((a, b) => (a.id < b.id ? -1 : 1))
    if (!target || !admin) throw new Error('Two were added')
    await run(
      app.db,
      sql`update users set role_id = (select id from roles where name = 'Admin') where id = ${admin.id}`,
    )
    const client = await app.signIn(admin)
    const _csrf = await client.token('/account')
    const lock = await lockRows(app.db, sql`select from users where id = ${target.id} for no key update`)
    const blocking = client.postBare(`/users/${target.id}/status`, { _csrf, status: 'blocked' })
    const answer = blocking.then(({ status, text }) => ({ status, text }))
    await untilWaiting(app.db)
    await officeSetsPassword(admin)
    await lock.release()
    const { status, text } = await answer
    expect(status).toBe(403)
    expect(textOf(text)).toContain('Your account has changed')
    expect((await credential(app.db, target)).status).toBe('active')
  })
})
