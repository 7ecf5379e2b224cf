import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, endedImpersonations, password, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const reason = 'Cannot find the job sheet'
const whoIs = async (client: HttpClient) => textOf((await client.get('/account')).text)
const ended = (who: TestUser) => endedImpersonations(app.db, who)
const own = 'You’re back in your own account'

interface Pair {
  admin: TestUser
  worker: TestUser
  visitor: HttpClient
}

/** An admin of their own for each test, at work in the account of a fieldworker of their own. */
async function atWork(remember = false): Promise<Pair> {
  const admin = await app.createUser({ name: 'Ada Admin', role: 'Admin' })
  const worker = await app.createUser({ name: 'Wim Worker', role: 'Fieldworker', team: 'North' })
  const client = await app.signIn(admin, remember)
  await client.post(`/users/${worker.id}/impersonation`, { reason })
  expect(await whoIs(client)).toContain('Wim Worker, Acme Field')
  return { admin, worker, visitor: client }
}

const goBack = (client: HttpClient) => client.post('/impersonation/end', {}, '/account')

/** What the database holds of the session of an admin, but for when it was last used. */
const sessionOf = (admin: TestUser) =>
  one(
    app.db,
    z.object({ id: z.string(), ends_at: z.date(), reauthenticated_at: z.date(), last_seen_at: z.date() }),
    sql`select id, ends_at, reauthenticated_at, last_seen_at from sessions where user_id = ${admin.id}`,
  )

const age = ({ admin }: Pair, minutes: number) =>
  run(
    app.db,
    sql`update impersonations set started_at = started_at - make_interval(mins => ${minutes}),
          ends_at = ends_at - make_interval(mins => ${minutes}) where impersonator_id = ${admin.id}`,
  )
const leaveAlone = ({ admin }: Pair, minutes: number) =>
  run(
    app.db,
    sql`update sessions set last_seen_at = now() - make_interval(mins => ${minutes}) where user_id = ${admin.id}`,
  )
const set = ({ id }: TestUser, column: string, value: string) =>
  app.db.pool.query(`update users set ${column} = $2 where id = $1`, [id, value])
const roleId = (name: string) =>
  one(app.db, z.object({ id: z.string() }), sql`select id from roles where name = ${name}`)

describe('Return to my account', () => {
  test('leads back to the profile, says so, and records how long it took', async () => {
    const pair = await atWork()
    await age(pair, 12)
    const answer = await goBack(pair.visitor)
    expect([answer.status, answer.headers.location]).toEqual([303, `/fieldworkers/${pair.worker.id}`])
    expect(textOf((await pair.visitor.get(`/fieldworkers/${pair.worker.id}`)).text)).toContain(own)
    const account = await whoIs(pair.visitor)
    expect(account).toContain('Ada Admin, Acme Field')
    expect(account).not.toContain('You are working as')
    expect(await ended(pair.worker)).toMatchObject([
      { actor_id: pair.admin.id, details: { minutes: 12, reason: 'returned' } },
    ])
  })

  test.each([false, true])(
    'restores the session unchanged: its end, its step-up, its last use (remembered: %s)',
    async (remember) => {
      const admin = await app.createUser({ name: 'Ada Admin', role: 'Admin' })
      const worker = await app.createUser({ name: 'Wim Worker', role: 'Fieldworker' })
      const client = await app.signIn(admin, remember)
      const forgets = (set: unknown) => /Expires=([^;]+)/.exec(String(set))?.[1]
      await run(
        app.db,
        sql`update sessions set reauthenticated_at = now() - interval '20 minutes' where user_id = ${admin.id}`,
      )
      const before = await sessionOf(admin)
      const begun = await client.post(`/users/${worker.id}/impersonation`, { reason })
      await client.get('/account')
      const back = await goBack(client)
      expect(await sessionOf(admin)).toEqual(before)
      const kept = [begun, back].map(({ headers }) => forgets(headers['set-cookie']))
      expect(kept[0] === undefined).toBe(!remember)
      expect(Math.abs(Date.parse(kept[0] ?? '0') - Date.parse(kept[1] ?? '0'))).toBeLessThan(2_000)
      await run(
        app.db,
        sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where user_id = ${admin.id}`,
      )
      expect((await client.get(`/users/${worker.id}/password`)).headers.location).toContain(
        '/confirm-password',
      )
    },
  )

  test('gives the browser a new session cookie, and the old one is not valid', async () => {
    const { visitor: client } = await atWork()
    const before = client.sessionCookie()
    await goBack(client)
    expect(client.sessionCookie()).not.toBe(before)
    expect((await app.client().get('/account').set('Cookie', before)).status).toBe(303)
  })

  test('changes nothing without an impersonation', async () => {
    const { visitor: client, worker } = await atWork()
    await goBack(client)
    expect((await goBack(client)).headers.location).toBe('/')
    expect(await ended(worker)).toHaveLength(1)
  })

  test('needs the token of the page, as every form does', async () => {
    const { visitor: client, worker } = await atWork()
    expect((await client.postBare('/impersonation/end')).status).toBe(403)
    expect(await whoIs(client)).toContain('Wim Worker, Acme Field')
    expect(await ended(worker)).toEqual([])
  })
})

test('signing out during impersonation ends both, as the admin', async () => {
  const { admin, worker, visitor: client } = await atWork()
  const stolen = client.sessionCookie()
  expect((await client.post('/sign-out', {}, '/account')).headers.location).toBe('/sign-in')
  for (const gone of [client.get('/account'), app.client().get('/account').set('Cookie', stolen)])
    expect((await gone).headers.location).toContain('/sign-in')
  expect(await ended(worker)).toMatchObject([{ details: { minutes: 0, reason: 'signed_out' } }])
  expect(await activityFor(app.db, admin, 'sign_out')).toMatchObject([{ actor_id: admin.id }])
  expect(await activityFor(app.db, worker, 'sign_out')).toEqual([])
})

interface End {
  when: string
  why: string
  /** As the admin reads it, where it is about them. */
  told?: string
  minutes?: number
  happens: (pair: Pair) => Promise<unknown>
}

const adminAction = async (path: string, fields = {}) =>
  (await app.as('owner')).post(path, fields, '/account/password')
const good = { newPassword: 'violin trunk harvest 58', confirmPassword: 'violin trunk harvest 58' }

const notYours = 'You can no longer log in as Wim Worker.'
const inFull = (why: string) => `${why}.`

/** Those after which the admin is still signed in. */
const ends: End[] = [
  {
    ...{ when: 'the hour is up', why: 'The time was up', minutes: 60 },
    happens: (pair) => age(pair, 61),
  },
  {
    ...{ when: 'nothing was done for a quarter of an hour', why: 'Nothing was done for 15 minutes' },
    happens: (pair) => leaveAlone(pair, 16),
  },
  {
    ...{ when: 'the admin is demoted', why: 'Ada Admin can no longer log in as Wim Worker', told: notYours },
    happens: async ({ admin }) => set(admin, 'role_id', (await roleId('Dispatcher')).id),
  },
  {
    ...{
      when: 'the account is given more than the admin holds',
      why: 'Ada Admin can no longer log in as Wim Worker',
      told: notYours,
    },
    happens: async ({ worker }) => set(worker, 'role_id', (await roleId('Owner')).id),
  },
  {
    ...{ when: 'the account gets another role', why: 'The account of Wim Worker was changed' },
    happens: async ({ worker }) => set(worker, 'role_id', (await roleId('Dispatcher')).id),
  },
  {
    ...{ when: 'the account is blocked', why: 'Wim Worker is blocked' },
    happens: ({ worker }) => set(worker, 'status', 'blocked'),
  },
  {
    ...{ when: 'the account is blocked and let in again', why: 'The account of Wim Worker was changed' },
    happens: async ({ worker }) => {
      await set(worker, 'status', 'blocked')
      await set(worker, 'status', 'active')
    },
  },
  {
    ...{ when: 'the account is deactivated', why: 'Wim Worker is inactive' },
    happens: ({ worker }) => set(worker, 'status', 'inactive'),
  },
  {
    ...{
      when: 'the office changes the password of the account',
      why: 'The password of Wim Worker was changed',
    },
    happens: ({ worker }) => adminAction(`/users/${worker.id}/password`, good),
  },
  {
    ...{ when: 'the worker changes their password', why: 'The password of Wim Worker was changed' },
    happens: async ({ worker }) =>
      (await app.signIn(worker)).post('/account/password', { currentPassword: password, ...good }),
  },
  {
    ...{ when: 'the office ends all sessions of the account', why: 'The sessions of Wim Worker were ended' },
    happens: ({ worker }) => adminAction(`/users/${worker.id}/sessions/end`),
  },
  {
    ...{ when: 'the worker signs out all other devices', why: 'The sessions of Wim Worker were ended' },
    happens: async ({ worker }) =>
      (await app.signIn(worker)).post('/account/sessions/end-others', {}, '/account/password'),
  },
  {
    ...{
      when: 'an Owner changes the admin’s password but not their devices',
      why: 'The password of Ada Admin was changed',
      told: 'Your password was changed.',
    },
    happens: ({ admin }) => adminAction(`/users/${admin.id}/password`, good),
  },
]

describe('it ends, and the next request is back in the admin’s account with the reason, when', () => {
  test.each(ends)('$when', async ({ why, told = inFull(why), minutes = 0, happens }) => {
    const pair = await atWork()
    const before = pair.visitor.sessionCookie()
    await happens(pair)
    const answer = await pair.visitor.get('/account')
    expect(textOf(answer.text)).toContain('Ada Admin, Acme Field')
    expect(textOf(answer.text)).toContain(`${own} ${told}`)
    expect(answer.text).not.toContain('You are working as')
    expect(pair.visitor.sessionCookie()).not.toBe(before)
    expect((await pair.visitor.get('/account')).text).not.toContain(own)
    await app.closeImpersonations()
    expect(await ended(pair.worker)).toMatchObject([{ actor_id: pair.admin.id, why, details: { minutes } }])
  })

  test.each(ends.slice(0, 3))(
    '$when, also if the job noticed it first',
    async ({ why, told = inFull(why), happens }) => {
      const pair = await atWork()
      await happens(pair)
      await app.closeImpersonations()
      expect(await ended(pair.worker)).toMatchObject([{ actor_id: pair.admin.id, why }])
      const before = pair.visitor.sessionCookie()
      expect(await whoIs(pair.visitor)).toContain(`${own} ${told}`)
      expect(pair.visitor.sessionCookie()).not.toBe(before)
      expect(await ended(pair.worker)).toHaveLength(1)
    },
  )
})

/** Those after which nobody is signed in. */
const outs: End[] = [
  {
    ...{ when: 'the admin is blocked', why: 'Ada Admin is blocked' },
    happens: ({ admin }) => set(admin, 'status', 'blocked'),
  },
  {
    ...{ when: 'the admin is deactivated', why: 'Ada Admin is inactive' },
    happens: ({ admin }) => set(admin, 'status', 'inactive'),
  },
  {
    ...{ when: 'the admin is signed out by an Owner', why: 'Ada Admin was signed out' },
    happens: ({ admin }) => adminAction(`/users/${admin.id}/sessions/end`),
  },
  {
    ...{ when: 'the admin signs this device out from another', why: 'Ada Admin was signed out' },
    happens: async ({ admin }) => {
      const { id } = await sessionOf(admin)
      await (await app.signIn(admin)).post(`/account/sessions/${id}/end`, {}, '/account/password')
    },
  },
  {
    ...{ when: 'the admin changes their password elsewhere', why: 'The password of Ada Admin was changed' },
    happens: async ({ admin }) =>
      (await app.signIn(admin)).post('/account/password', { currentPassword: password, ...good }),
  },
  {
    ...{ when: 'the session of the admin is over', why: 'The session of Ada Admin had ended' },
    happens: ({ admin }) =>
      run(
        app.db,
        sql`update sessions set started_at = now() - interval '13 hours', ends_at = now() - interval '1 minute' where user_id = ${admin.id}`,
      ),
  },
]

describe('it ends, and the next request gets the sign-in page, when', () => {
  test.each(outs)('$when', async ({ why, happens }) => {
    const pair = await atWork()
    await happens(pair)
    expect((await pair.visitor.get('/account')).headers.location).toBe('/sign-in?next=%2Faccount')
    await app.runJobs() // ending the session asks for this at once
    expect(await ended(pair.worker)).toMatchObject([
      { actor_id: pair.admin.id, why, details: { minutes: 0 } },
    ])
    await app.closeImpersonations()
    expect(await ended(pair.worker)).toHaveLength(1)
  })

  test.each(outs.slice(0, 1))('$when, and it is recorded without a request', async ({ why, happens }) => {
    const pair = await atWork()
    await happens(pair)
    await app.closeImpersonations()
    expect(await ended(pair.worker)).toMatchObject([{ why }])
    expect((await pair.visitor.get('/account')).status).toBe(303)
    expect(await ended(pair.worker)).toHaveLength(1)
  })
})

test('a role that loses permissions ends it only if it no longer suffices', async () => {
  const permissions = ['users.view', 'users.impersonate', 'activity.view']
  await run(
    app.db,
    sql`insert into roles (name, kind, scope, permissions) values ('Lead', 'office', 'company', ${permissions})`,
  )
  const lead = await app.createUser({ name: 'Lea Lead', role: 'Lead' })
  const auditor = await app.createUser({ name: 'Viv View', role: 'Fieldworker' })
  const client = await app.signIn(lead)
  await client.post(`/users/${auditor.id}/impersonation`, { reason })
  const holds = (left: string[]) =>
    run(app.db, sql`update roles set permissions = ${left} where name = 'Lead'`)
  await holds(['users.view', 'users.impersonate'])
  expect(await whoIs(client)).toContain('Viv View, Acme Field')
  await holds(['users.view'])
  expect(await whoIs(client)).toContain('You can no longer log in as Viv View')
})

test('it continues until the last minute while it is used', async () => {
  const pair = await atWork()
  await age(pair, 59)
  await leaveAlone(pair, 14)
  expect(await whoIs(pair.visitor)).toContain('Ends by itself')
  await leaveAlone(pair, 14)
  expect(await whoIs(pair.visitor)).toContain('in 1 minute.')
})

test('it never outlasts the session that it started in', async () => {
  const admin = await app.createUser({ name: 'Ada Admin', role: 'Admin' })
  const worker = await app.createUser({ name: 'Wim Worker', role: 'Fieldworker' })
  const client = await app.signIn(admin)
  await run(
    app.db,
    sql`update sessions set ends_at = now() + interval '9 minutes' where user_id = ${admin.id}`,
  )
  await client.post(`/users/${worker.id}/impersonation`, { reason })
  expect(await whoIs(client)).toContain('in 9 minutes.')
})

test('a request that finds it idle does not revive it, nor do concurrent ones', async () => {
  const pair = await atWork()
  await leaveAlone(pair, 16)
  const pages = await Promise.all([1, 2, 3].map(() => pair.visitor.get('/account')))
  for (const { text } of pages) expect(textOf(text)).not.toContain('You are working as')
  expect(await ended(pair.worker)).toHaveLength(1)
})

describe('a form sent as the other person after the end', () => {
  test('is dropped, and carried out for nobody', async () => {
    const pair = await atWork()
    const _csrf = await pair.visitor.token('/account')
    await set(pair.admin, 'email_verified_at', '2026-01-01')
    await age(pair, 61)
    const answer = await pair.visitor.postBare('/account/sessions/end-others', { _csrf })
    expect([answer.status, answer.headers.location]).toEqual([303, '/'])
    expect(await activityFor(app.db, pair.admin, 'sessions_ended')).toEqual([])
    expect(textOf((await pair.visitor.get('/fieldworkers')).text)).toContain(`${own} The time was up`)
  })

  test('still returns if it was Return, and signs out if it was Sign out', async () => {
    const pair = await atWork()
    const token = await pair.visitor.token('/account')
    await age(pair, 61)
    const back = await pair.visitor.postBare('/impersonation/end', { _csrf: token })
    expect(back.headers.location).toBe(`/fieldworkers/${pair.worker.id}`)

    const other = await atWork()
    const _csrf = await other.visitor.token('/account')
    await age(other, 61)
    expect((await other.visitor.postBare('/sign-out', { _csrf })).headers.location).toBe('/sign-in')
    expect((await other.visitor.get('/account')).status).toBe(303)
    expect(await ended(other.worker)).toMatchObject([{ details: { minutes: 60, reason: 'expired' } }])
  })
})

describe('an end is recorded once', () => {
  test('when Return, the job and other requests notice it at the same moment', async () => {
    const pair = await atWork()
    const _csrf = await pair.visitor.token('/account')
    await age(pair, 61)
    const colleague = await app.db.pool.connect()
    await colleague.query('begin')
    await colleague.query('select from impersonations where impersonator_id = $1 for update', [pair.admin.id])
    const all = Promise.all([
      pair.visitor.postBare('/impersonation/end', { _csrf }),
      pair.visitor.get('/account'),
      app.closeImpersonations(),
      app.closeImpersonations(),
    ])
    await expect
      .poll(
        async () =>
          (
            await app.db.query(
              sql`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
            )
          ).rows.length,
        { timeout: 10_000 },
      )
      .toBe(4)
    await colleague.query('commit')
    colleague.release()
    const [back, page] = await all
    expect([back.status, page.status]).toEqual([303, 200])
    expect(await ended(pair.worker)).toHaveLength(1)
  })

  test('when Return comes in time and the job considers it ended', async () => {
    const pair = await atWork()
    const _csrf = await pair.visitor.token('/account')
    const [answer] = await Promise.all([
      pair.visitor.postBare('/impersonation/end', { _csrf }),
      age(pair, 61).then(() => app.closeImpersonations()),
    ])
    expect(answer.status).toBe(303)
    expect(await ended(pair.worker)).toHaveLength(1)
    expect(await whoIs(pair.visitor)).toContain('Ada Admin, Acme Field')
  })

  test('by the worker’s schedule', async () => {
    const pair = await atWork()
    await age(pair, 61)
    await run(app.db, sql`select graphile_worker.add_job('close_impersonations')`)
    await app.runJobs()
    expect(await ended(pair.worker)).toHaveLength(1)
  })
})
