import { beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { Db, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { lockRows, untilWaiting } from '../../support/locks.ts'
import { activityFor, password, type TestUser } from '../../support/people.ts'
import { HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const reason = 'Cannot find the job sheet'
const phone = 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36 Mobi'
const choice = {
  newPassword: 'violin trunk harvest 58 otter',
  confirmPassword: 'violin trunk harvest 58 otter',
}

beforeEach(() => run(app.db, sql`delete from rate_limits`))

const worker = (traits = {}) => app.createUser({ name: 'Fia Field', role: 'Fieldworker', ...traits })
const opens = async (cookie: string) =>
  (await app.client().get('/account').set('Cookie', cookie)).status === 200
const isIn = (client: HttpClient) => opens(client.sessionCookie())

/** Another tab of the same browser: its cookie and its form as they were when the page was opened. */
async function tab(client: HttpClient, page = '/account') {
  const [cookie, _csrf] = [client.sessionCookie(), await client.token(page)]
  return {
    cookie,
    send: (address: string, fields: Record<string, string> = {}, expressApp = app.express) =>
      new HttpClient(expressApp).postBare(address, { _csrf, ...fields }).set('Cookie', cookie),
    sendWithoutToken: (address: string) => app.client().postBare(address).set('Cookie', cookie),
  }
}

interface Signed {
  who: TestUser
  visitor: HttpClient
}
const asWorker = async () => {
  const who = await worker()
  return { who, visitor: await app.signIn(who) }
}
const asAdmin = async () => {
  const who = await app.createUser({ name: 'Ada Admin', role: 'Admin' })
  return { who, visitor: await app.signIn(who) }
}
const beginAs = async (client: HttpClient) =>
  client.post(`/users/${(await worker()).id}/impersonation`, { reason })

interface Replacement {
  signedIn: () => Promise<Signed>
  replaces: (signed: Signed) => Promise<unknown>
}
const replacements: Record<string, Replacement> = {
  'a step-up': {
    signedIn: asWorker,
    replaces: ({ visitor: client }) => client.post('/confirm-password', { password }),
  },
  'a change of one’s own password': {
    signedIn: asWorker,
    replaces: ({ visitor: client }) =>
      client.post('/account/password', { currentPassword: password, ...choice }),
  },
  'a change of password on the phone': {
    signedIn: async () => {
      const who = await worker()
      return { who, visitor: await app.client(phone).signIn(who.email, password) }
    },
    replaces: ({ visitor: client }) => client.post('/m/password', choice),
  },
  'the begin of Login as this user': {
    signedIn: asAdmin,
    replaces: ({ visitor: client }) => beginAs(client),
  },
  'the end of Login as this user': {
    async signedIn() {
      const signed = await asAdmin()
      await beginAs(signed.visitor)
      return signed
    },
    replaces: ({ visitor: client }) => client.post('/impersonation/end', {}, '/account'),
  },
  'another sign-in in the same browser': {
    signedIn: asWorker,
    replaces: async ({ visitor: client, who }) =>
      client.postBare('/sign-in', { _csrf: await client.token('/account'), email: who.email, password }),
  },
  'an email change that was asked for': {
    signedIn: asWorker,
    replaces: ({ visitor: client }) =>
      client.post('/account/email', { email: 'fia.new@firm.test', password }),
  },
  'a reset link that was opened': {
    signedIn: asWorker,
    async replaces({ visitor: client, who }) {
      await app.client().post('/forgot-password', { email: who.email })
      await app.runJobs()
      const [email] = await app.emailsTo(who)
      return client.get(new URL(email?.link ?? '').pathname)
    },
  },
}

describe('a sign-out with a recently replaced cookie ends the session', () => {
  test.each(Object.keys(replacements))('after %s (fault 3)', async (name) => {
    const { signedIn, replaces } = replacements[name] as Replacement
    const signed = await signedIn()
    const other = await tab(signed.visitor)
    await replaces(signed)
    expect(signed.visitor.sessionCookie()).not.toBe(other.cookie)
    expect(await isIn(signed.visitor)).toBe(true)
    const answer = await other.send('/sign-out')
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
    expect(await isIn(signed.visitor)).toBe(false)
    expect(await activityFor(app.db, signed.who, 'sign_out')).toMatchObject(
      Array(name === 'another sign-in in the same browser' ? 2 : 1).fill({ actor_id: signed.who.id }),
    )
  })

  test('also the first of three cookies (fault 3)', async () => {
    const signed = await asWorker()
    const first = await tab(signed.visitor)
    await signed.visitor.post('/confirm-password', { password })
    await replacements['another sign-in in the same browser']?.replaces(signed)
    await signed.visitor.post('/confirm-password', { password })
    expect(await isIn(signed.visitor)).toBe(true)
    await first.send('/sign-out')
    expect(await isIn(signed.visitor)).toBe(false)
  })

  test('also of another person who signed in afterwards in the same browser (fault 3)', async () => {
    const { visitor: client } = await asWorker()
    const [other, next] = [await tab(client), await worker({ name: 'Nia Next' })]
    await client.postBare('/sign-in', {
      _csrf: await client.token('/account'),
      email: next.email,
      password,
    })
    await other.send('/sign-out')
    expect(await isIn(client)).toBe(false)
  })

  test('in another process (fault 3)', async () => {
    const db = new Db(app.connectionString)
    const { visitor: client } = await asWorker()
    const other = await tab(client)
    await client.post('/confirm-password', { password })
    await other.send('/sign-out', {}, createApp({ db, config: app.configWith() }))
    expect(await isIn(client)).toBe(false)
    await db.close()
  })

  test('while the cookie is just being replaced (fault 3)', async () => {
    const { who, visitor: client } = await asWorker()
    const other = await tab(client)
    const _csrf = await client.token('/account')
    const lock = await lockRows(app.db, sql`select from sessions where user_id = ${who.id} for update`)
    const stepUp = client.postBare('/confirm-password', { _csrf, password }).then(({ status }) => status)
    await untilWaiting(app.db)
    const signOut = other.send('/sign-out').then(({ status }) => status)
    await untilWaiting(app.db, 2)
    await lock.release()
    await Promise.all([stepUp, signOut])
    expect(await isIn(client)).toBe(false)
  })

  test('if the sign-out had to wait for the other sign-in (fault 3)', async () => {
    const { who, visitor: client } = await asWorker()
    const other = await tab(client)
    const _csrf = await client.token('/account')
    const lock = await lockRows(app.db, sql`select from sessions where user_id = ${who.id} for update`)
    const signIn = client.postBare('/sign-in', { _csrf, email: who.email, password }).then(() => {})
    await untilWaiting(app.db)
    const signOut = other.send('/sign-out').then(() => {})
    await untilWaiting(app.db, 2)
    await lock.release()
    await Promise.all([signIn, signOut])
    expect(await isIn(client)).toBe(false)
  })
})

describe('a replaced cookie', () => {
  async function replaced() {
    const signed = await asWorker()
    const elsewhere = await app.signIn(signed.who)
    const other = await tab(signed.visitor)
    await signed.visitor.post('/confirm-password', { password })
    return { ...signed, elsewhere, other }
  }

  test('ends all other devices from another tab, and the renewed session continues (fault 3)', async () => {
    const { who, visitor: client, elsewhere, other } = await replaced()
    const answer = await other.send('/account/sessions/end-others')
    expect([answer.status, answer.headers.location]).toEqual([303, '/account/sessions'])
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect([await isIn(client), await isIn(elsewhere)]).toEqual([true, false])
    expect(await activityFor(app.db, who, 'sessions_ended')).toMatchObject([{ details: { count: 1 } }])
  })

  test('ends one device from another tab (fault 3)', async () => {
    const { visitor: client, elsewhere, other } = await replaced()
    const page = (await client.get('/account/sessions')).text
    const ids = [...page.matchAll(/[\w-]{36}(?=\/end")/g)].map(([id]) => id)
    for (const id of ids) await other.send(`/account/sessions/${id}/end`)
    expect([await isIn(client), await isIn(elsewhere)]).toEqual([ids.length < 2, false])
  })

  test('opens and changes nothing (fault 3)', async () => {
    const { who, other } = await replaced()
    for (const page of ['/', '/account', '/account/sessions', '/account/sessions/end-others', '/sign-out']) {
      const answer = await app.client().get(page).set('Cookie', other.cookie)
      expect([303, 404]).toContain(answer.status)
      expect(answer.text).not.toContain('Fia Field')
    }
    const changes = {
      '/account/password': { currentPassword: password, ...choice },
      '/confirm-password': { password },
      '/account/email': { email: 'elsewhere@firm.test', password },
      '/impersonation/end': {},
      '/Sign-out': {},
    }
    for (const [address, fields] of Object.entries(changes)) {
      const answer = await other.send(address, fields)
      expect(answer.text).not.toContain('Fia Field')
      expect(await opens(/sid=[^;]+/.exec(String(answer.headers['set-cookie']))?.[0] ?? '')).toBe(false)
    }
    expect((await activityFor(app.db, who)).map(({ event }) => event)).toEqual(['sign_in', 'sign_in'])
  })

  test('signs nobody out, and shows nothing, without the token of its form (fault 3)', async () => {
    const { visitor: client, elsewhere, other } = await replaced()
    for (const address of ['/sign-out', '/account/sessions/end-others']) {
      const bare = await other.sendWithoutToken(address).set('Referer', 'http://localhost:3000/account')
      const wrong = await other
        .send(address, { _csrf: 'no token of ours' })
        .set('Referer', 'http://localhost:3000/account/sessions')
      const foreign = await other.send(address).set('Origin', 'https://evil.test')
      for (const { status, text } of [bare, wrong, foreign]) {
        expect(status).toBe(403)
        expect(text).not.toContain('Fia Field')
      }
    }
    expect([await isIn(client), await isIn(elsewhere)]).toEqual([true, true])
  })

  test('signs out without a token if the browser says that the form is same-origin (fault 3)', async () => {
    const { visitor: client, other } = await replaced()
    await other.sendWithoutToken('/sign-out').set('Sec-Fetch-Site', 'same-origin')
    expect(await isIn(client)).toBe(false)
  })

  test('that the app never set ends nothing (fault 3)', async () => {
    const { visitor: client, other } = await replaced()
    const forged = other.cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    await app.client().postBare('/sign-out').set('Cookie', forged)
    expect(await isIn(client)).toBe(true)
  })

  test('ends nothing after a minute, and is then pruned (fault 3)', async () => {
    const { visitor: client, other } = await replaced()
    await run(app.db, sql`update replaced_cookies set replaced_at = now() - interval '61 seconds'`)
    await other.send('/sign-out')
    expect(await isIn(client)).toBe(true)
    await run(app.db, sql`select graphile_worker.add_job('prune_sessions')`)
    await app.runJobs()
    expect((await app.db.query(sql`select from replaced_cookies`)).rows).toEqual([])
  })

  test('is stored as a hash (fault 3)', async () => {
    const { other } = await replaced()
    const sid = /=s%3A([\w-]{32})/.exec(other.cookie)?.[1] ?? 'none'
    const { rows } = await app.db.query(
      sql`select from replaced_cookies r where to_jsonb(r)::text like ${`%${sid}%`}`,
    )
    expect(rows).toEqual([])
  })
})
