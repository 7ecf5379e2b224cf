import { describe, expect, test } from 'vitest'
import { run, sql } from '../../../src/platform/db.ts'
import { activityFor, password } from '../../support/people.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf } from '../../support/http-client.ts'

const app = createTestApp({ TRUST_PROXY: '1' })
let networks = 0

/** Somebody at the sign-in page, each from a network of their own unless told otherwise. */
function trying(from = `198.51.100.${++networks}`) {
  return async (email: string, typed: string, more: Record<string, string> = {}) => {
    const client = app.client()
    const _csrf = await client.token('/sign-in')
    return client
      .postBare('/sign-in', { _csrf, email, password: typed, ...more })
      .set('X-Forwarded-For', from)
  }
}

const newcomer = (status = 'active', more = {}) =>
  app.createUser({ name: 'Nils Newcomer', role: 'Fieldworker', status, ...more })

test('Remember me says how long for fieldworkers and for the office, by the policy (fault 31)', async () => {
  const page = async () => textOf((await app.client().get('/sign-in')).text)
  expect(await page()).toContain('Fieldworkers stay signed in for 30 days, the office for 12 hours.')
  await run(app.db, sql`update company set remember_days = 1, session_hours = 1`)
  expect(await page()).toContain('Fieldworkers stay signed in for 1 day, the office for 1 hour.')
  await run(app.db, sql`update company set remember_days = 30, session_hours = 12`)
})

describe('signing in', () => {
  test.each([
    ['admin', '/today'],
    ['dispatcher', '/today'],
    ['auditor', '/activity-log'],
    ['sam', '/account'],
  ] as const)('%s lands on %s', async (who, place) => {
    const client = await app.as(who)
    expect((await client.get('/')).headers.location).toBe(place)
    expect((await client.get(place)).status).toBe(200)
  })

  test('accepts the email in any case, and the password exactly', async () => {
    const somebody = await newcomer()
    const attempt = trying()
    expect((await attempt(somebody.email.toUpperCase(), password)).status).toBe(303)
    for (const other of [password.toUpperCase(), ` ${password}`, `${password} `, password.slice(0, -1)])
      expect((await attempt(somebody.email, other)).status).toBe(422)
  })

  test('is recorded, with the device', async () => {
    const somebody = await newcomer()
    await app.signIn(somebody, true)
    expect(await activityFor(app.db, somebody)).toMatchObject([
      { event: 'sign_in', actor_id: somebody.id, details: { remembered: true } },
    ])
  })

  test('leads back to the requested page, and never to another site', async () => {
    const attempt = trying()
    const { email } = app.cast.admin
    const to = async (next: string) => (await attempt(email, password, { next })).headers.location
    expect(await to('/settings/company/users?q=sam')).toBe('/settings/company/users?q=sam')
    for (const trap of [
      'https://evil.test',
      '//evil.test',
      '/\\evil.test',
      '/..//evil.test',
      '/\tx',
      'javascript:alert(1)',
    ])
      expect(await to(trap)).toBe('/')
  })
})

describe('nobody learns whether an account exists', () => {
  test('unknown, wrong, blocked, inactive, invited and throttled-as-unknown get one answer', async () => {
    const people = [
      await newcomer(),
      await newcomer('blocked'),
      await newcomer('inactive'),
      await newcomer('invited'),
    ]
    const answers = [await trying()('nobody@firm.test', password)]
    answers.push(await trying()(people[0]?.email ?? '', 'wrong'))
    for (const somebody of people.slice(1)) answers.push(await trying()(somebody.email, password))
    const seen = answers.map(({ status, text, headers }) => ({
      status,
      text: text.replace(/value="[^"]*"/g, ''),
      headers: Object.keys(headers).sort().join(),
    }))
    expect(seen[0]?.status).toBe(422)
    expect(textOf(answers[0]?.text ?? '')).toContain('That email and password don’t match')
    for (const other of seen) expect(other).toEqual(seen[0])
  })

  test('the reason is only in the log', async () => {
    const blocked = await newcomer('blocked')
    await trying()(blocked.email, password)
    expect(await activityFor(app.db, blocked, 'sign_in_failed')).toMatchObject([
      { actor_id: null, details: { reason: 'blocked' } },
    ])
  })

  test('an unknown address is throttled like a known one', async () => {
    const somebody = await newcomer()
    for (const email of [somebody.email, 'ghost@firm.test']) {
      const statuses = []
      for (let i = 0; i < 7; i++) statuses.push((await trying()(email, 'wrong')).status)
      expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429])
    }
  })
})

describe('the throttle of an account', () => {
  test('after five failures even the right password waits, and the page says how long', async () => {
    const somebody = await newcomer()
    for (let i = 0; i < 5; i++) expect((await trying()(somebody.email, 'wrong')).status).toBe(422)
    const answer = await trying()(somebody.email, password)
    expect(answer.status).toBe(429)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(20)
    expect(await activityFor(app.db, somebody, 'sign_in_throttled')).toHaveLength(1)
  })

  test('a right password in between resets the count', async () => {
    const somebody = await newcomer()
    const attempt = trying()
    for (const typed of [
      ...Array<string>(4).fill('wrong'),
      password,
      ...Array<string>(4).fill('wrong'),
      password,
    ])
      expect((await attempt(somebody.email, typed)).status).toBe(typed === password ? 303 : 422)
  })

  test('attempts while waiting are not counted', async () => {
    const somebody = await newcomer()
    for (let i = 0; i < 12; i++) await trying()(somebody.email, 'wrong')
    const { rows } = await app.db.query(
      sql`select max(failures) as failures from password_failures where open_at > now()`,
    )
    expect(rows).toContainEqual({ failures: 5 })
  })

  test('of many concurrent attempts no more are checked than allowed', async () => {
    const somebody = await newcomer()
    const client = app.client()
    const _csrf = await client.token('/sign-in')
    const all = await Promise.all(
      Array.from({ length: 20 }, () =>
        client.postBare('/sign-in', { _csrf, email: somebody.email, password: 'wrong' }),
      ),
    )
    expect(all.filter(({ status }) => status === 422)).toHaveLength(5)
    expect(all.filter(({ status }) => status === 429)).toHaveLength(15)
  })

  test('after a hundred failures the password is disabled until it is set again, with the answer of a wrong one', async () => {
    const somebody = await newcomer()
    await trying()(somebody.email, 'wrong')
    await run(app.db, sql`update password_failures set failures = 99, open_at = now() where failures = 1`)
    await trying()(somebody.email, 'wrong')
    const answer = await trying()(somebody.email, password)
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining('don’t match')])
  })
})

describe('the throttle of a network', () => {
  /** As if so many attempts had failed from there, at so many accounts. */
  const failedFrom = async (network: string, attempts: number, accounts: number) => {
    await trying(network)('first@firm.test', 'wrong')
    for (const [name, points] of Object.entries({ 'sign-in': attempts, 'sign-in-accounts': accounts }))
      await run(app.db, sql`update rate_limits set points = ${points} where key = ${`${name}:${network}`}`)
  }

  test('a thousand failures from one address, at any accounts', async () => {
    await failedFrom('203.0.113.9', 998, 1)
    const attempt = trying('203.0.113.9')
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await attempt(`guess${i}@firm.test`, 'wrong')).status)
    expect(statuses).toEqual([422, 422, 429, 429])
    expect((await trying('203.0.113.10')('guess1@firm.test', 'wrong')).status).toBe(422)
  })

  test('three hundred accounts tried from one address', async () => {
    await failedFrom('203.0.113.20', 300, 298)
    const attempt = trying('203.0.113.20')
    const statuses = []
    for (let i = 0; i < 4; i++) statuses.push((await attempt(`spray${i}@firm.test`, 'wrong')).status)
    expect(statuses).toEqual([422, 422, 429, 429])
  })

  test('a header that no trusted proxy set changes nothing', async () => {
    await failedFrom('203.0.113.30', 998, 1)
    const client = app.client()
    const statuses = []
    for (let i = 0; i < 4; i++) {
      const fields = {
        _csrf: await client.token('/sign-in'),
        email: `spoof${i}@firm.test`,
        password: 'wrong',
      }
      const forged = `10.0.0.${i}, 203.0.113.30` // the proxy adds the last one, the client made up the rest
      statuses.push((await client.postBare('/sign-in', fields).set('X-Forwarded-For', forged)).status)
    }
    expect(statuses).toEqual([422, 422, 429, 429])
  })

  test('a whole crew can sign in at once behind one address', async () => {
    const crew = await Promise.all(Array.from({ length: 35 }, () => newcomer()))
    const attempts = crew.map(({ email }) => trying('203.0.113.40')(email, password))
    for (const { status } of await Promise.all(attempts)) expect(status).toBe(303)
  })

  test('three hundred accounts stay the limit, however often further ones are tried', async () => {
    const attempt = trying('203.0.113.50')
    await failedFrom('203.0.113.50', 300, 300)
    for (const email of ['more1@firm.test', 'more1@firm.test', 'more2@firm.test', 'more2@firm.test'])
      expect((await attempt(email, 'wrong')).status).toBe(429)
  })

  test('the counts contain no names', async () => {
    await trying()('typed.by.mistake@firm.test', 'wrong')
    const { rows } = await app.db.query(sql`select * from rate_limits`)
    expect(JSON.stringify(rows)).not.toContain('@')
  })
})

describe('concurrently', () => {
  test('several sign-ins at one account all succeed', async () => {
    const somebody = await newcomer()
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(Array.from({ length: 4 }, () => trying()(somebody.email, password)))
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303])
    }
  })

  test('signing in over an open session ends that one', async () => {
    const client = await app.signIn(app.cast.otto)
    const token = await client.token('/account')
    await client.postBare('/sign-in', { _csrf: token, email: app.cast.sam.email, password })
    const { rows } = await app.db.query(
      sql`select from sessions where user_id = ${app.cast.otto.id} and ended_at is null`,
    )
    expect(rows).toHaveLength(0)
  })
})

describe('the form', () => {
  test.each([
    ['nothing at all', {}],
    ['an empty password', { email: 'sam@firm.test', password: '' }],
    ['two passwords', { email: 'sam@firm.test', password: [password, password] }],
    ['a NUL byte', { email: 'sam\0@firm.test', password }],
    ['a very long address', { email: `${'a'.repeat(300)}@firm.test`, password }],
  ])('%s: 422 with an error, never a crash', async (_, fields) => {
    const answer = await app.client().post('/sign-in', fields as Record<string, string>)
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('aria-invalid="true"')])
  })

  test('without a token it is rejected', async () => {
    expect((await app.client().postBare('/sign-in', { email: 'sam@firm.test', password })).status).toBe(403)
  })
})
