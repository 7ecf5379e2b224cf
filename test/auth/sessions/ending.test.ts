import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { z } from 'zod'
import { Db, one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { lockRows, untilWaiting } from '../../support/locks.ts'
import { password, type TestUser } from '../../support/people.ts'
import { HttpClient, textOf } from '../../support/http-client.ts'

const app = createTestApp()
const newPassword = 'violin trunk harvest 58 otter'
const choice = { newPassword, confirmPassword: newPassword }
const worker = (traits = {}) => app.createUser({ name: 'Fia Field', role: 'Fieldworker', ...traits })

beforeEach(() => run(app.db, sql`delete from rate_limits`))

const opensAccount = async (cookie: string) =>
  (await app.client().get('/account').set('Cookie', cookie)).status === 200
const isIn = (client: HttpClient) => opensAccount(client.sessionCookie())
const sidOf = (cookie: string) => /=s%3A([\w-]{32})/.exec(cookie)?.[1] ?? ''
const storedRows = async (cookie: string) =>
  (await app.db.query(sql`select from session_data where sid = ${sidOf(cookie)}`)).rows.length

/** A request with a stolen cookie that writes to its session, and waits for `release` before it does. */
async function requestInFlight(owner: HttpClient, expressApp = app.express) {
  const [cookie, _csrf] = [owner.sessionCookie(), await owner.token('/account')]
  await app.client().post('/forgot-password', { email: 'nobody@firm.test' }) // makes the row that is locked next
  const lock = await lockRows(
    app.db,
    sql`select from rate_limits where key like '%forgot-network:%' for update`,
  )
  const answer = new HttpClient(expressApp)
    .postBare('/forgot-password', { _csrf, email: 'nobody@firm.test' })
    .set('Cookie', cookie)
    .then(({ status }) => status)
  await untilWaiting(app.db)
  const landed = async () => {
    await lock.release()
    return answer
  }
  return { cookie, landed }
}

type Ending = (client: HttpClient, who: TestUser, admin: HttpClient) => Promise<unknown>

/** What replaces a cookie by another one, and the session goes on. */
const replacements: Record<string, Ending> = {
  'a change of one’s own password': (client) =>
    client.post('/account/password', { currentPassword: password, ...choice }),
  'a step-up': (client) => client.post('/confirm-password', { password }),
  'an email change that was asked for': async (client) => {
    await run(app.db, sql`delete from rate_limits where key like 'mail-link%'`)
    return client.post('/account/email', { email: 'fia.elsewhere@firm.test', password })
  },
}

/** What ends a session. */
const endings: Record<string, Ending> = {
  'a sign-out': (client) => client.post('/sign-out', {}, '/account'),
  'another sign-in in the same browser': (client, who) => {
    const cookie = client.sessionCookie()
    return client
      .token('/account')
      .then((_csrf) =>
        app.client().postBare('/sign-in', { _csrf, email: who.email, password }).set('Cookie', cookie),
      )
  },
  'the end of one device': async (_visitor, who) => {
    const other = await app.signIn(who)
    const [id] = /[\w-]{36}(?=\/end")/.exec((await other.get('/account/sessions')).text) ?? ['']
    return other.post(`/account/sessions/${id}/end`, {}, '/account/sessions')
  },
  'the end of all other devices': async (_visitor, who) =>
    (await app.signIn(who)).post('/account/sessions/end-others', {}, '/account/sessions'),
  'Sign out of all devices': (_visitor, who, admin) =>
    admin.post(`/users/${who.id}/sessions/end`, {}, '/fieldworkers'),
  'a password that the office sets': (_visitor, who, admin) =>
    admin.post(`/users/${who.id}/password`, { ...choice, endSessions: '1' }),
  'a block': (_visitor, who, admin) =>
    admin.post(`/users/${who.id}/status`, { status: 'blocked' }, '/fieldworkers'),
  'a deactivation of many': (_visitor, who, admin) =>
    admin.post('/fieldworkers/bulk', { action: 'deactivate', ids: [who.id] }, '/fieldworkers'),
  'an address that the office moves': (_visitor, who, admin) =>
    admin.post(`/users/${who.id}/details`, { name: who.name, email: `moved.${who.email}` }),
  'a reset by link': async (_visitor, who) => {
    await app.runJobs() // what the held request asked for is answered first
    const admin = await app.as('admin')
    await admin.post(`/users/${who.id}/password-reset`, {}, '/fieldworkers')
    await app.runJobs()
    const [email] = await app.emailsTo(who)
    const elsewhere = app.client()
    await elsewhere.get(new URL(email?.link ?? '').pathname)
    return elsewhere.post('/reset-password', choice)
  },
  'a temporary password that expires': async (_visitor, who) => {
    await run(
      app.db,
      sql`update users set temporary_password_expires_at = now() - interval '1 minute' where id = ${who.id}`,
    )
    return app.expireTemporaryPasswords()
  },
}

describe('a request in flight does not revive the cookie', () => {
  const admin = () => app.as('admin')

  test.each(Object.keys(replacements))('that %s replaced (fault 3)', async (name) => {
    const who = await worker()
    const client = await app.signIn(who)
    const { cookie, landed } = await requestInFlight(client)
    await replacements[name]?.(client, who, client)
    expect(client.sessionCookie()).not.toBe(cookie)
    await landed()
    expect([await opensAccount(cookie), await storedRows(cookie)]).toEqual([false, 0])
    expect(await isIn(client)).toBe(true)
  })

  test.each(Object.keys(endings))('of a session ended by %s (fault 3)', async (name) => {
    const who = await worker()
    const client = await app.signIn(who)
    const office = await admin()
    const { cookie, landed } = await requestInFlight(client)
    await endings[name]?.(client, who, office)
    expect([await opensAccount(cookie), await storedRows(cookie)]).toEqual([false, 0])
    await landed()
    expect([await opensAccount(cookie), await storedRows(cookie)]).toEqual([false, 0])
  })

  test('of an admin who started or ended an impersonation (fault 3)', async () => {
    const who = await app.createUser({ name: 'Ann Admin', role: 'Admin' })
    const office = await app.signIn(await app.createUser({ name: 'Ada Admin', role: 'Admin' }))
    const begin = await requestInFlight(office)
    await office.post(`/users/${who.id}/impersonation`, { reason: 'Cannot find the job sheet' })
    await begin.landed()
    expect([await opensAccount(begin.cookie), await storedRows(begin.cookie)]).toEqual([false, 0])

    const lock = await lockRows(app.db, sql`select from users where id = ${who.id} for no key update`)
    const cookie = office.sessionCookie()
    const _csrf = await office.token('/account')
    const adding = app
      .client()
      .postBare('/fieldworkers/new', { _csrf, name: 'New Person', email: 'new.person@firm.test' })
      .set('Cookie', cookie)
      .then(({ status }) => status)
    await untilWaiting(app.db)
    await office.post('/impersonation/end', {}, '/account')
    await lock.release()
    await adding
    expect([await opensAccount(cookie), await storedRows(cookie)]).toEqual([false, 0])
    expect(await isIn(office)).toBe(true)
  })

  test('in another process (fault 3)', async () => {
    const db = new Db(app.connectionString)
    const other = createApp({ db, config: app.configWith() })
    const client = await app.signIn(await worker())
    const { cookie, landed } = await requestInFlight(client, other)
    await client.post('/account/password', { currentPassword: password, ...choice })
    await landed()
    expect([await opensAccount(cookie), await storedRows(cookie)]).toEqual([false, 0])
    await db.close()
  })

  test('that was pruned (fault 3)', async () => {
    const client = await app.signIn(await worker())
    const { cookie, landed } = await requestInFlight(client)
    await run(app.db, sql`delete from session_data where sid = ${sidOf(cookie)}`)
    await landed()
    expect([await opensAccount(cookie), await storedRows(cookie)]).toEqual([false, 0])
  })

  test('when many of them write at once (fault 3)', async () => {
    const client = await app.signIn(await worker())
    const [cookie, _csrf] = [client.sessionCookie(), await client.token('/account')]
    const writing = Array.from({ length: 60 }, (_, i) =>
      app
        .client()
        .postBare('/forgot-password', { _csrf, email: `nobody${i}@firm.test` })
        .set('Cookie', cookie)
        .then(({ status }) => status),
    )
    const change = client.postBare('/account/password', { _csrf, currentPassword: password, ...choice })
    expect((await change).status).toBe(303)
    await Promise.all(writing)
    expect([await opensAccount(cookie), await storedRows(cookie)]).toEqual([false, 0])
    expect(await isIn(client)).toBe(true)
  })
})

describe('a new cookie is made for a session', () => {
  /** A thief’s own link, whose opening gives the browser that opens it a new cookie. */
  async function linkOfTheThief() {
    const thief = await worker({ name: 'Theo Thief', verified: false })
    await app.client().post('/forgot-password', { email: thief.email })
    await app.runJobs()
    const [email] = await app.emailsTo(thief)
    return { thief, token: new URL(email?.link ?? '').pathname.split('/').at(-1) ?? '' }
  }

  test('not if the cookie was replaced meanwhile (fault 3)', async () => {
    const { thief, token } = await linkOfTheThief()
    const owner = await app.signIn(await worker())
    const [cookie, _csrf] = [owner.sessionCookie(), await owner.token('/account')]
    const lock = await lockRows(app.db, sql`select from users where id = ${thief.id} for no key update`)
    const stolen = app.client()
    const pressing = stolen.postBare('/verify-email', { _csrf, token }).set('Cookie', cookie)
    const answer = pressing.then(({ headers }) => headers['set-cookie'] as unknown as string[] | undefined)
    await untilWaiting(app.db)
    await owner.post('/account/password', { currentPassword: password, ...choice })
    await lock.release()
    const given = (await answer)?.map((each) => each.split(';')[0] ?? '') ?? []
    for (const each of [cookie, ...given]) expect(await opensAccount(each)).toBe(false)
    expect(await isIn(owner)).toBe(true)
  })

  test('by one of two concurrent requests; the other gets none (fault 3)', async () => {
    const owner = await app.signIn(await worker())
    const [cookie, _csrf] = [owner.sessionCookie(), await owner.token('/account')]
    const answers = await Promise.all(
      [1, 2].map(() =>
        app
          .client()
          .postBare('/confirm-password', { _csrf, password })
          .set('Cookie', cookie)
          .then(({ status, headers }) => ({ status, set: headers['set-cookie'] as unknown as string[] })),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    const given = answers.flatMap(({ set }) => set ?? []).map((each) => each.split(';')[0] ?? '')
    expect(given).toHaveLength(1)
    expect(await opensAccount(given[0] ?? '')).toBe(true)
    expect(await opensAccount(cookie)).toBe(false)
  })

  test('not if it ended while its owner was still signing in (fault 3)', async () => {
    const who = await worker()
    const [client, other] = [await app.signIn(who), await app.signIn(who)]
    const _csrf = await client.token('/account')
    const sid = sidOf(client.sessionCookie())
    const lock = await lockRows(app.db, sql`select from session_data where sid = ${sid} for update`)
    const signingIn = client.postBare('/sign-in', { _csrf, email: who.email, password }).then(() => {})
    await untilWaiting(app.db)
    const { id } = await one(
      app.db,
      z.object({ id: z.string() }),
      sql`select id from sessions where user_id = ${who.id} order by started_at desc limit 1`,
    )
    await other.post(`/account/sessions/${id}/end`, {}, '/account/sessions')
    await lock.release()
    await signingIn
    const left = sql`select from session_data where sess #>> '{passport,user}' = ${id}`
    expect((await app.db.query(left)).rows).toEqual([])
    expect((await client.get('/account')).status).toBe(303)
  })
})

describe('what the database stores', () => {
  test('an ended session cannot be reopened (fault 3)', async () => {
    const who = await worker()
    await (await app.signIn(who)).post('/sign-out', {}, '/account')
    const reopen = app.db.query(sql`update sessions set ended_at = null where user_id = ${who.id}`)
    await expect(reopen).rejects.toThrow('An ended session stays ended')
  })

  test('a session has one cookie at a time (fault 3)', async () => {
    const client = await app.signIn(await worker())
    const second = sql`insert into session_data (sid, sess, expire)
      select 'another', sess, expire from session_data where sid = ${sidOf(client.sessionCookie())}`
    await expect(app.db.query(second)).rejects.toThrow('session_data_of_session')
  })
})

describe('a person who ends the session of their own browser still gets the message', () => {
  test('by a reset link opened while signed in (fault 3)', async () => {
    const who = await worker()
    const client = await app.signIn(who)
    await app.client().post('/forgot-password', { email: who.email })
    await app.runJobs()
    const [email] = await app.emailsTo(who)
    await client.get(new URL(email?.link ?? '').pathname)
    expect((await client.post('/reset-password', choice)).headers.location).toBe('/sign-in')
    expect(textOf((await client.get('/sign-in')).text)).toContain('Your password is changed')
  })
})
