import { beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'
import { credential, logged, password, type Somebody } from '../support/people.ts'
import { words, type Visitor } from '../support/visitor.ts'

const house = testHouse()
const good = 'violin trunk harvest 58 otter'
const choice = (newPassword: string) => ({ newPassword, confirmPassword: newPassword })

beforeEach(() => run(house.db, sql`delete from rate_limits`))
const somebody = (more = {}) => house.add({ name: 'Ines Caldera', role: 'Fieldworker', ...more })

async function ask(email: string, visitor = house.visitor()) {
  const answer = await visitor.post('/forgot-password', { email })
  await house.work()
  return answer
}
async function pathTo(who: Somebody): Promise<string> {
  const [newest] = (await house.lettersTo(who)).filter(({ link }) => link)
  return new URL(newest?.link ?? 'http://no.link').pathname
}
async function linkFor(who: Somebody): Promise<string> {
  await run(house.db, sql`delete from rate_limits`)
  await ask(who.email)
  return pathTo(who)
}
/** Opens a reset link as a person does: the token goes, the form comes. */
async function land(path: string, visitor = house.visitor()): Promise<Visitor> {
  const answer = await visitor.get(path)
  expect([answer.status, answer.headers.location]).toEqual([303, '/reset-password'])
  return visitor
}
const age = (who: Somebody, interval: string) =>
  run(
    house.db,
    sql`update links set expires_at = expires_at - ${interval}::interval where user_id = ${who.id}`,
  )
const isDead = async (path: string, why: string) => {
  const answer = await house.visitor().get(path)
  expect([answer.status, words(answer.text)]).toEqual([410, expect.stringContaining(why)])
}

describe('asking', () => {
  test('gives one answer to everybody, and a mail only to those whom it helps', async () => {
    const people = {
      known: await somebody(),
      unverified: await somebody({ verified: false }),
      blocked: await somebody({ status: 'blocked' }),
      inactive: await somebody({ status: 'inactive' }),
      unknown: { id: '', name: '', email: 'nobody@firm.test' },
    }
    const answers: Record<string, unknown> = {}
    for (const [kind, who] of Object.entries(people)) {
      await run(house.db, sql`delete from rate_limits`)
      const visitor = house.visitor()
      const { status, headers, text } = await ask(who.email, visitor)
      const page = (await visitor.get('/forgot-password/sent')).text
        .replaceAll(who.email, 'X')
        .replace(/value="[^"]*"/g, '')
      answers[kind] = { status, to: headers.location, names: Object.keys(headers).sort(), text, page }
    }
    for (const answer of Object.values(answers)) expect(answer).toEqual(answers.known)
    expect(answers.known).toMatchObject({ status: 303, to: '/forgot-password/sent' })
    const templates = async (who: Somebody) => (await house.lettersTo(who)).map(({ template }) => template)
    expect(await templates(people.known)).toEqual(['password_reset'])
    expect(await templates(people.unverified)).toEqual(['email_verification'])
    for (const who of [people.blocked, people.inactive, people.unknown])
      expect(await templates(who)).toEqual([])
  })

  test('is recorded, whoever is asked for, and what is sent too', async () => {
    const who = await somebody()
    await ask(who.email)
    const events = (await logged(house.db, who)).map(({ event, actor_id }) => [event, actor_id])
    expect(events).toEqual([
      ['password_reset_requested', null],
      ['password_reset_sent', null],
    ])
  })

  test('changes nothing yet: the old password and open sessions work on', async () => {
    const who = await somebody()
    const device = await house.signIn(who)
    await ask(who.email)
    expect((await device.get('/account')).status).toBe(200)
    await house.signIn(who)
  })

  test('twice within five minutes sends one mail, and the first link stays good', async () => {
    const who = await somebody()
    await ask(who.email)
    const path = await pathTo(who)
    expect((await ask(who.email.toUpperCase())).headers.location).toBe('/forgot-password/sent')
    expect(await house.lettersTo(who)).toHaveLength(1)
    await land(path)
  })

  test('more than three hundred times in ten minutes, or 1,500 times in a day, from one network is throttled', async () => {
    for (const [window, most] of [
      ['forgot-network', 300],
      ['forgot-network-day', 1500],
    ] as const) {
      await run(house.db, sql`delete from rate_limits`)
      await house.visitor().post('/forgot-password', { email: 'first@firm.test' })
      await run(house.db, sql`update rate_limits set points = ${most - 10} where key like ${`${window}:%`}`)
      const statuses = []
      for (let i = 0; i < 11; i++)
        statuses.push((await house.visitor().post('/forgot-password', { email: `a${i}@firm.test` })).status)
      expect(statuses).toEqual([...Array<number>(10).fill(303), 429])
    }
  })

  test.each(['', 'nobody', 'a@b\0c.test', `${'a'.repeat(300)}@firm.test`])(
    'what is no address gets words: %j',
    async (email) => {
      const answer = await house.visitor().post('/forgot-password', { email })
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('aria-invalid="true"')])
    },
  )
})

describe('the link', () => {
  test('leads to choosing a password, once, and then all devices are signed out and nobody is signed in', async () => {
    const who = await somebody()
    const devices = [await house.signIn(who), await house.signIn(who, true)]
    const visitor = await land(await linkFor(who))
    const answer = await visitor.post('/reset-password', choice(good))
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
    expect(words((await visitor.get('/sign-in')).text)).toContain('Your password is changed')
    expect((await visitor.get('/account')).status).toBe(303)
    for (const device of devices) expect((await device.get('/account')).status).toBe(303)
    await expect(house.signIn(who)).rejects.toThrow('422')
    await house.signIn(who, false, good)
    const [event] = await logged(house.db, who, 'password_change')
    expect(event).toMatchObject({ method: 'reset_link', actor_id: who.id, details: { sessions_ended: 2 } })
    expect((await house.lettersTo(who)).map(({ template }) => template)).toContain('password_reset_done')
  })

  test('used again, in the same browser or another, is dead and says so', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    const visitor = await land(path)
    await visitor.post('/reset-password', choice(good))
    const before = await credential(house.db, who)
    await isDead(path, 'It was used today')
    expect((await visitor.get('/reset-password')).headers.location).toBe('/forgot-password')
    expect(await credential(house.db, who)).toEqual(before)
  })

  test('is spent by no looking, however often: GET, HEAD, several at once', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    for (let i = 0; i < 20; i++) expect((await house.visitor().get(path)).status).toBe(303)
    for (let i = 0; i < 20; i++) expect((await house.visitor().head(path)).status).toBe(303)
    await Promise.all(Array.from({ length: 10 }, () => house.visitor().get(path)))
    const visitor = await land(path)
    expect((await visitor.post('/reset-password', choice(good))).headers.location).toBe('/sign-in')
  })

  test('is not burnt by a bad password', async () => {
    const who = await somebody()
    const visitor = await land(await linkFor(who))
    for (const [fields, message] of [
      [choice('short'), 'Use at least 12 characters; this has 5.'],
      [choice('passwordpassword'), 'guessed first'],
      [choice('inescaldera99'), 'little more than a name'],
      [choice(password), 'This is the password in use now.'],
      [{ newPassword: good, confirmPassword: 'another' }, 'This is not the same as the new password.'],
    ] as const) {
      const answer = await visitor.post('/reset-password', fields)
      expect([answer.status, words(answer.text)]).toEqual([422, expect.stringContaining(message)])
    }
    expect((await visitor.post('/reset-password', choice(good))).headers.location).toBe('/sign-in')
  })

  test('lives for sixty minutes from delivery, on opening', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    await age(who, '59 minutes 58 seconds')
    await land(path)
    await age(who, '3 seconds')
    await isDead(path, 'Its time was up')
  })

  test('is dead to a form that was opened before its time was up', async () => {
    const who = await somebody()
    const visitor = await land(await linkFor(who))
    const _csrf = await visitor.token('/reset-password')
    await age(who, '60 minutes 1 second')
    const before = await credential(house.db, who)
    const answer = await visitor.postBare('/reset-password', { _csrf, ...choice(good) })
    expect([answer.status, words(answer.text)]).toEqual([410, expect.stringContaining('Its time was up')])
    expect(await credential(house.db, who)).toEqual(before)
  })

  test('is replaced by a newer one', async () => {
    const who = await somebody()
    const first = await linkFor(who)
    await run(house.db, sql`update links set created_at = created_at - interval '6 minutes'`)
    const second = await linkFor(who)
    expect(second).not.toBe(first)
    await isDead(first, 'It was replaced by a newer link')
    await land(second)
  })

  const deaths: [string, (who: Somebody) => Promise<unknown>, string][] = [
    ['a change of password', async (who) => changeOwn(who), 'The password was changed'],
    [
      'the office',
      async (who) => (await house.as('admin')).post(`/users/${who.id}/password`, choice(good)),
      'The password was changed',
    ],
    [
      'another address',
      (who) => run(house.db, sql`update users set email = 'x' || email where id = ${who.id}`),
      'The address of the account was changed',
    ],
    [
      'a block',
      (who) => run(house.db, sql`update users set status = 'blocked' where id = ${who.id}`),
      'The account is not active',
    ],
    [
      'a block that was lifted again',
      async (who) => {
        await run(house.db, sql`update users set status = 'blocked' where id = ${who.id}`)
        await run(house.db, sql`update users set status = 'active' where id = ${who.id}`)
      },
      'changed',
    ],
    [
      'another role',
      (who) =>
        run(
          house.db,
          sql`update users set role_id = (select id from roles where name = 'Auditor') where id = ${who.id}`,
        ),
      'changed',
    ],
  ]
  test.each(deaths)('is dead after %s', async (_, deed, why) => {
    const who = await somebody()
    const path = await linkFor(who)
    await deed(who)
    await isDead(path, why)
  })
  const changeOwn = async (who: Somebody) =>
    (await house.signIn(who)).post('/account/password', { currentPassword: password, ...choice(good) })

  test('that led to an address the account has left is not renewed', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    await run(house.db, sql`update users set email = 'y' || email where id = ${who.id}`)
    expect(words((await house.visitor().get(path)).text)).not.toContain('Email me a new link')
  })

  test('dead, is renewed by one press, to the address it was sent to', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    await age(who, '61 minutes')
    await run(house.db, sql`delete from rate_limits`)
    const visitor = house.visitor()
    const page = await visitor.get(path)
    expect(words(page.text)).toContain('Email me a new link')
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    expect((await visitor.postBare('/forgot-password', { _csrf })).headers.location).toBe(
      '/forgot-password/sent',
    )
    expect((await visitor.get('/forgot-password/sent')).text).not.toContain(who.email)
    await house.work()
    expect(await pathTo(who)).not.toBe(path)
    await land(await pathTo(who))
  })

  const renewed = async (path: string) => {
    const visitor = house.visitor()
    const _csrf = await visitor.token(path)
    const answer = await visitor.postBare('/forgot-password', { _csrf })
    await house.work()
    return answer
  }

  test('dead, is renewed no sooner than a mail may be asked for by its address, and that is told', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    await age(who, '61 minutes')
    for (const asked of [0, 1]) {
      const answer = await renewed(path)
      expect([asked, answer.status]).toEqual([asked, 429])
      expect(words(answer.text)).toContain('A link was sent a short while ago')
      expect(words(answer.text)).toContain('Look in the mailbox')
      expect(words(answer.text)).not.toContain(who.email)
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(200)
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(300)
    }
    expect(await house.lettersTo(who)).toHaveLength(1)
  })

  test('dead, is renewed three times an hour and six times a day', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    const statuses = []
    for (const window of ['', 'forgot-hour', 'forgot-hour']) {
      await run(
        house.db,
        sql`delete from rate_limits where key like 'forgot-network%' or key like ${window && `${window}%`}`,
      )
      for (let i = 0; i < 4; i++) {
        await age(who, '61 minutes')
        await run(house.db, sql`delete from rate_limits where key like 'forgot-gap%'`)
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
    await isDead(reset.replace('/reset-password/', '/verify-email/'), 'It is not one of ours')
    await isDead(verify.replace('/verify-email/', '/reset-password/'), 'It is not one of ours')
    const visitor = await land(reset)
    const before = await credential(house.db, other)
    await visitor.post('/reset-password', {
      ...choice(good),
      user_id: other.id,
      email: other.email,
      linkId: 'x',
    })
    expect(await credential(house.db, other)).toEqual(before)
    expect((await house.visitor().get('/reset-password')).headers.location).toBe('/forgot-password')
  })

  test('judges twenty passwords in ten minutes, no more', async () => {
    const visitor = await land(await linkFor(await somebody()))
    const statuses = []
    for (let i = 0; i < 21; i++)
      statuses.push((await visitor.post('/reset-password', choice('short'))).status)
    expect(statuses).toEqual([...Array<number>(20).fill(422), 429])
  })

  test('made up, is dead, and guessing is throttled while real ones of others work', async () => {
    const path = await linkFor(await somebody())
    const statuses = []
    for (let i = 0; i < 21; i++)
      statuses.push((await house.visitor().get(`/reset-password/${'x'.repeat(42)}${i % 10}`)).status)
    expect(statuses).toEqual([...Array<number>(20).fill(410), 429])
    await land(path)
  })

  test('keeps its token out of addresses, caches and referrers', async () => {
    const who = await somebody()
    const path = await linkFor(who)
    const visitor = await land(path)
    const page = await visitor.get('/reset-password')
    expect(page.text).not.toContain(path.split('/').at(-1))
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//)
  })

  test('is made from the address of this deployment, whatever a header claims', async () => {
    const who = await somebody()
    const visitor = house.visitor()
    const _csrf = await visitor.token('/forgot-password')
    await visitor
      .postBare('/forgot-password', { _csrf, email: who.email })
      .set('Host', 'evil.test')
      .set('X-Forwarded-Host', 'evil.test')
    await house.work()
    const [letter] = await house.lettersTo(who)
    expect(letter?.link).toMatch(/^http:\/\/localhost:3000\/reset-password\/[\w-]{43}$/)
    expect(`${letter?.text}${letter?.html}`).not.toContain('evil.test')
  })

  test('clears a sign-in throttle, and comes through one', async () => {
    const who = await somebody()
    for (let i = 0; i < 6; i++)
      await house.visitor().post('/sign-in', { email: who.email, password: 'wrong' })
    const visitor = await land(await linkFor(who))
    await visitor.post('/reset-password', choice(good))
    await house.signIn(who, false, good)
  })

  test('replaces a temporary password for good', async () => {
    const who = await somebody()
    await (await house.as('admin')).post(`/users/${who.id}/password`, { ...choice(good), mustChange: '1' })
    const visitor = await land(await linkFor(who))
    await visitor.post('/reset-password', choice('lantern violet spruce 44'))
    const device = await house.signIn(who, false, 'lantern violet spruce 44')
    expect((await device.get('/account')).status).toBe(200)
  })
})

test('choosing a password without a link that was opened leads to asking for one', async () => {
  expect((await house.visitor().get('/reset-password')).headers.location).toBe('/forgot-password')
  const visitor = await house.as('sam')
  expect((await visitor.post('/reset-password', choice(good), '/account')).headers.location).toBe(
    '/forgot-password',
  )
})

test('a thousand tokens have nothing in common', async () => {
  const who = await somebody()
  const { tokenOf } = await import('../../src/links/token.ts')
  const key = Buffer.alloc(32, 7)
  const tokens = Array.from({ length: 1000 }, () =>
    tokenOf(key, { id: who.id, purpose: 'reset', nonce: crypto.getRandomValues(Buffer.alloc(32)) }),
  )
  expect(new Set(tokens).size).toBe(1000)
  expect(new Set(tokens.map((token) => token.slice(0, 6))).size).toBeGreaterThan(990)
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
})
