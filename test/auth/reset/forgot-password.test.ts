import { beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { credential, activityFor, password, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const good = 'violin trunk harvest 58 otter'
const choice = (newPassword: string) => ({ newPassword, confirmPassword: newPassword })

beforeEach(() => run(app.db, sql`delete from rate_limits`))
const somebody = (more = {}) => app.createUser({ name: 'Ines Caldera', role: 'Fieldworker', ...more })

async function ask(email: string, client = app.client()) {
  const answer = await client.post('/forgot-password', { email })
  await app.runJobs()
  return answer
}
async function pathTo(who: TestUser): Promise<string> {
  const [newest] = (await app.emailsTo(who)).filter(({ link }) => link)
  return new URL(newest?.link ?? 'http://no.link').pathname
}
async function linkFor(who: TestUser): Promise<string> {
  await run(app.db, sql`delete from rate_limits`)
  await ask(who.email)
  return pathTo(who)
}
/** Opens a reset link as a person does: the token goes, the form comes. */
async function land(path: string, client = app.client()): Promise<HttpClient> {
  const answer = await client.get(path)
  expect([answer.status, answer.headers.location]).toEqual([303, '/reset-password'])
  return client
}
const age = (who: TestUser, interval: string) =>
  run(app.db, sql`update links set expires_at = expires_at - ${interval}::interval where user_id = ${who.id}`)
const isInvalid = async (path: string, why: string) => {
  const answer = await app.client().get(path)
  expect([answer.status, textOf(answer.text)]).toEqual([410, expect.stringContaining(why)])
}

describe('requesting', () => {
  test('gives everyone the same answer, and emails only people it can help', async () => {
    const people = {
      known: await somebody(),
      unverified: await somebody({ verified: false }),
      blocked: await somebody({ status: 'blocked' }),
      inactive: await somebody({ status: 'inactive' }),
      unknown: { id: '', name: '', email: 'nobody@firm.test' },
    }
    const answers: Record<string, unknown> = {}
    for (const [kind, who] of Object.entries(people)) {
      await run(app.db, sql`delete from rate_limits`)
      const client = app.client()
      const { status, headers, text } = await ask(who.email, client)
      const page = (await client.get('/forgot-password/sent')).text
        .replaceAll(who.email, 'X')
        .replace(/value="[^"]*"/g, '')
      answers[kind] = { status, to: headers.location, names: Object.keys(headers).sort(), text, page }
    }
    for (const answer of Object.values(answers)) expect(answer).toEqual(answers.known)
    expect(answers.known).toMatchObject({ status: 303, to: '/forgot-password/sent' })
    const templates = async (who: TestUser) => (await app.emailsTo(who)).map(({ template }) => template)
    expect(await templates(people.known)).toEqual(['password_reset'])
    expect(await templates(people.unverified)).toEqual(['email_verification'])
    for (const who of [people.blocked, people.inactive, people.unknown])
      expect(await templates(who)).toEqual([])
  })

  test('by a network that is refused counts nothing for the address', async () => {
    const who = await somebody()
    await ask('somebody.else@firm.test')
    await run(app.db, sql`update rate_limits set points = 300 where key like 'forgot-network:%'`)
    await run(app.db, sql`delete from rate_limits where key like 'forgot-gap:%'`)
    expect((await ask(who.email)).status).toBe(429)
    const { rows } = await app.db.query(sql`select key from rate_limits where key like 'forgot-gap:%'`)
    expect(rows).toEqual([])
  })

  test('is remembered by the browser until somebody signs in there', async () => {
    const who = await somebody()
    const client = app.client()
    await ask(who.email, client)
    expect(client.cookies()).toContain('asked=')
    await client.signIn(who.email, password)
    expect(client.cookies()).not.toContain('asked=')
  })

  test('is recorded for any address, and so is what is sent', async () => {
    const who = await somebody()
    await ask(who.email)
    const events = (await activityFor(app.db, who)).map(({ event, actor_id }) => [event, actor_id])
    expect(events).toEqual([
      ['password_reset_requested', null],
      ['password_reset_sent', null],
    ])
  })

  test('changes nothing yet: the old password and open sessions keep working', async () => {
    const who = await somebody()
    const device = await app.signIn(who)
    await ask(who.email)
    expect((await device.get('/account')).status).toBe(200)
    await app.signIn(who)
  })

  test('twice within five minutes sends one email, and the first link stays valid', async () => {
    const who = await somebody()
    await ask(who.email)
    const path = await pathTo(who)
    expect((await ask(who.email.toUpperCase())).headers.location).toBe('/forgot-password/sent')
    expect(await app.emailsTo(who)).toHaveLength(1)
    await land(path)
  })

  test('more than three hundred times in ten minutes, or 1,500 times in a day, from one network is throttled', async () => {
    for (const [window, most] of [
      ['forgot-network', 300],
      ['forgot-network-day', 1500],
    ] as const) {
      await run(app.db, sql`delete from rate_limits`)
      await app.client().post('/forgot-password', { email: 'first@firm.test' })
      await run(app.db, sql`update rate_limits set points = ${most - 10} where key like ${`${window}:%`}`)
      const statuses = []
      for (let i = 0; i < 11; i++)
        statuses.push((await app.client().post('/forgot-password', { email: `a${i}@firm.test` })).status)
      expect(statuses).toEqual([...Array<number>(10).fill(303), 429])
    }
  })

  test.each(['', 'nobody', 'a@b\0c.test', `${'a'.repeat(300)}@firm.test`])(
    'an invalid address gets an error: %j',
    async (email) => {
      const answer = await app.client().post('/forgot-password', { email })
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('aria-invalid="true"')])
    },
  )
})

describe('the link', () => {
  test('sets a password once, then all devices are signed out and nobody is signed in', async () => {
    const who = await somebody()
    const devices = [await app.signIn(who), await app.signIn(who, true)]
    const client = await land(await linkFor(who))
    const answer = await client.post('/reset-password', choice(good))
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
    expect(textOf((await client.get('/sign-in')).text)).toContain('Your password is changed')
    expect((await client.get('/account')).status).toBe(303)
    for (const device of devices) expect((await device.get('/account')).status).toBe(303)
    await expect(app.signIn(who)).rejects.toThrow('422')
    await app.signIn(who, false, good)
    const [event] = await activityFor(app.db, who, 'password_change')
    expect(event).toMatchObject({ method: 'reset_link', actor_id: who.id, details: { sessions_ended: 2 } })
    expect((await app.emailsTo(who)).map(({ template }) => template)).toContain('password_reset_done')
  })

  test('is invalid once used, in any browser, and says so', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    const client = await land(path)
    await client.post('/reset-password', choice(good))
    const before = await credential(app.db, who)
    await isInvalid(path, 'It was used today')
    expect((await client.get('/reset-password')).headers.location).toBe('/forgot-password')
    expect(await credential(app.db, who)).toEqual(before)
  })

  test('is not consumed by opening it, however often: GET, HEAD, several at once', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    for (let i = 0; i < 20; i++) expect((await app.client().get(path)).status).toBe(303)
    for (let i = 0; i < 20; i++) expect((await app.client().head(path)).status).toBe(303)
    await Promise.all(Array.from({ length: 10 }, () => app.client().get(path)))
    const client = await land(path)
    expect((await client.post('/reset-password', choice(good))).headers.location).toBe('/sign-in')
  })

  test('is not consumed by a rejected password', async () => {
    const who = await somebody()
    const client = await land(await linkFor(who))
    for (const [fields, message] of [
      [choice('short'), 'Use at least 12 characters; this has 5.'],
      [choice('passwordpassword'), 'guessed first'],
      [choice('inescaldera99'), 'little more than a name'],
      [choice(password), 'This is the current password.'],
      [
        { newPassword: good, confirmPassword: 'another' },
        'The passwords don’t match. Enter the new password again.',
      ],
    ] as const) {
      const answer = await client.post('/reset-password', fields)
      expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
    }
    expect((await client.post('/reset-password', choice(good))).headers.location).toBe('/sign-in')
  })

  test('is valid for sixty minutes from delivery, on opening', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    await age(who, '59 minutes 58 seconds')
    await land(path)
    await age(who, '3 seconds')
    await isInvalid(path, 'It expired')
  })

  test('is invalid for a form opened before it expired', async () => {
    const who = await somebody()
    const client = await land(await linkFor(who))
    const _csrf = await client.token('/reset-password')
    await age(who, '60 minutes 1 second')
    const before = await credential(app.db, who)
    const answer = await client.postBare('/reset-password', { _csrf, ...choice(good) })
    expect([answer.status, textOf(answer.text)]).toEqual([410, expect.stringContaining('It expired')])
    expect(await credential(app.db, who)).toEqual(before)
  })

  test('is replaced by a newer one', async () => {
    const who = await somebody()
    const first = await linkFor(who)
    await run(app.db, sql`update links set created_at = created_at - interval '6 minutes'`)
    const second = await linkFor(who)
    expect(second).not.toBe(first)
    await isInvalid(first, 'It was replaced or cancelled')
    await land(second)
  })

  const invalidations: [string, (who: TestUser) => Promise<unknown>, string][] = [
    ['a change of password', async (who) => changeOwn(who), 'The password or the account changed'],
    [
      'the office',
      async (who) => (await app.as('admin')).post(`/users/${who.id}/password`, choice(good)),
      'The password or the account changed',
    ],
    [
      'another address',
      (who) => run(app.db, sql`update users set email = 'x' || email where id = ${who.id}`),
      'The email of the account changed after',
    ],
    [
      'a block',
      (who) => run(app.db, sql`update users set status = 'blocked' where id = ${who.id}`),
      'The account is not active',
    ],
    [
      'a block that was lifted again',
      async (who) => {
        await run(app.db, sql`update users set status = 'blocked' where id = ${who.id}`)
        await run(app.db, sql`update users set status = 'active' where id = ${who.id}`)
      },
      'changed',
    ],
    [
      'another role',
      (who) =>
        run(
          app.db,
          sql`update users set role_id = (select id from roles where name = 'Auditor') where id = ${who.id}`,
        ),
      'changed',
    ],
  ]
  test.each(invalidations)('is invalid after %s', async (_, action, why) => {
    const who = await somebody()
    const path = await linkFor(who)
    await action(who)
    await isInvalid(path, why)
  })
  const changeOwn = async (who: TestUser) =>
    (await app.signIn(who)).post('/account/password', { currentPassword: password, ...choice(good) })

  test('to an earlier address of the account is not renewed', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    await run(app.db, sql`update users set email = 'y' || email where id = ${who.id}`)
    expect(textOf((await app.client().get(path)).text)).not.toContain('Email me a new link')
  })

  test('when invalid, is renewed with one click, to the same address', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    await age(who, '61 minutes')
    await run(app.db, sql`delete from rate_limits`)
    const client = app.client()
    const page = await client.get(path)
    expect(textOf(page.text)).toContain('Email me a new link')
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    expect((await client.postBare('/forgot-password', { _csrf })).headers.location).toBe(
      '/forgot-password/sent',
    )
    expect((await client.get('/forgot-password/sent')).text).not.toContain(who.email)
    await app.runJobs()
    expect(await pathTo(who)).not.toBe(path)
    await land(await pathTo(who))
  })

  const renewed = async (path: string) => {
    const client = app.client()
    const _csrf = await client.token(path)
    const answer = await client.postBare('/forgot-password', { _csrf })
    await app.runJobs()
    return answer
  }

  test('when invalid, is renewed no sooner than an email may be requested for its address, and the page says so', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    await age(who, '61 minutes')
    for (const asked of [0, 1]) {
      const answer = await renewed(path)
      expect([asked, answer.status]).toEqual([asked, 429])
      expect(textOf(answer.text)).toContain('A link was just sent')
      expect(textOf(answer.text)).toContain('Check the mailbox')
      expect(textOf(answer.text)).not.toContain(who.email)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(200)
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(300)
    }
    expect(await app.emailsTo(who)).toHaveLength(1)
  })

  test('when invalid, is renewed three times an hour and six times a day', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    const statuses = []
    for (const window of ['', 'forgot-hour', 'forgot-hour']) {
      await run(
        app.db,
        sql`delete from rate_limits where key like 'forgot-network%' or key like ${window && `${window}%`}`,
      )
      for (let i = 0; i < 4; i++) {
        await age(who, '61 minutes')
        await run(app.db, sql`delete from rate_limits where key like 'forgot-gap%'`)
        statuses.push((await renewed(path)).status)
      }
    }
    expect(statuses).toEqual([303, 303, 429, 429, 303, 303, 303, 429, 429, 429, 429, 429])
  })

  test('belongs to one purpose, one user and the browser that opened it', async () => {
    const [who, other] = [await somebody(), await somebody({ verified: false })]
    const reset = await linkFor(who)
    await ask(other.email)
    const verify = await pathTo(other)
    await isInvalid(reset.replace('/reset-password/', '/verify-email/'), 'The link may be incomplete')
    await isInvalid(verify.replace('/verify-email/', '/reset-password/'), 'The link may be incomplete')
    const client = await land(reset)
    const before = await credential(app.db, other)
    await client.post('/reset-password', {
      ...choice(good),
      user_id: other.id,
      email: other.email,
      linkId: 'x',
    })
    expect(await credential(app.db, other)).toEqual(before)
    expect((await app.client().get('/reset-password')).headers.location).toBe('/forgot-password')
  })

  test('checks twenty passwords in ten minutes, no more', async () => {
    const client = await land(await linkFor(await somebody()))
    const statuses = []
    for (let i = 0; i < 21; i++) statuses.push((await client.post('/reset-password', choice('short'))).status)
    expect(statuses).toEqual([...Array<number>(20).fill(422), 429])
  })

  test('when made up, is invalid, and guessing is throttled while real ones of others work', async () => {
    const path = await linkFor(await somebody())
    const statuses = []
    for (let i = 0; i < 21; i++)
      statuses.push((await app.client().get(`/reset-password/${'x'.repeat(42)}${i % 10}`)).status)
    expect(statuses).toEqual([...Array<number>(20).fill(410), 429])
    await land(path)
  })

  test('keeps its token out of addresses, caches and referrers', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    const client = await land(path)
    const page = await client.get('/reset-password')
    expect(page.text).not.toContain(path.split('/').at(-1))
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//)
  })

  test('is made from the address of this deployment, whatever a header says', async () => {
    const who = await somebody()
    const client = app.client()
    const _csrf = await client.token('/forgot-password')
    await client
      .postBare('/forgot-password', { _csrf, email: who.email })
      .set('Host', 'evil.test')
      .set('X-Forwarded-Host', 'evil.test')
    await app.runJobs()
    const [email] = await app.emailsTo(who)
    expect(email?.link).toMatch(/^http:\/\/localhost:3000\/reset-password\/[\w-]{43}$/)
    expect(`${email?.text}${email?.html}`).not.toContain('evil.test')
  })

  test('clears a sign-in throttle, and is not blocked by one', async () => {
    const who = await somebody()
    for (let i = 0; i < 6; i++) await app.client().post('/sign-in', { email: who.email, password: 'wrong' })
    const client = await land(await linkFor(who))
    await client.post('/reset-password', choice(good))
    await app.signIn(who, false, good)
  })

  test('replaces a temporary password for good', async () => {
    const who = await somebody()
    await (await app.as('admin')).post(`/users/${who.id}/password`, { ...choice(good), mustChange: '1' })
    const client = await land(await linkFor(who))
    await client.post('/reset-password', choice('lantern violet spruce 44'))
    const device = await app.signIn(who, false, 'lantern violet spruce 44')
    expect((await device.get('/account')).status).toBe(200)
  })
})

test('setting a password without an opened link leads to requesting one', async () => {
  expect((await app.client().get('/reset-password')).headers.location).toBe('/forgot-password')
  const client = await app.as('sam')
  expect((await client.post('/reset-password', choice(good), '/account')).headers.location).toBe(
    '/forgot-password',
  )
})

test('a thousand tokens have nothing in common', async () => {
  const who = await somebody()
  const { tokenOf } = await import('../../../src/auth/links/token.ts')
  const key = Buffer.alloc(32, 7)
  const tokens = Array.from({ length: 1000 }, () =>
    tokenOf(key, { id: who.id, purpose: 'reset', nonce: crypto.getRandomValues(Buffer.alloc(32)) }),
  )
  expect(new Set(tokens).size).toBe(1000)
  expect(new Set(tokens.map((token) => token.slice(0, 6))).size).toBeGreaterThan(990)
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
})
