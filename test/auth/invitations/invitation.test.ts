import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../../src/platform/db.ts'
import { invite } from '../../../src/auth/invitations/invite.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, type TestUser } from '../../support/people.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const good = 'violin trunk harvest 58 otter'
const choice = (newPassword: string) => ({ newPassword, confirmPassword: newPassword })
const nobody = { actor: null, ip: null, userAgent: null, requestId: null }

beforeEach(() => run(app.db, sql`delete from rate_limits`))

/** Somebody without a password, as the office makes them. */
async function invited(name = 'Ingrid Invited') {
  const who = await app.createUser({ name, role: 'Fieldworker', status: 'invited', verified: false })
  await run(
    app.db,
    sql`update users set password_hash = null, password_changed_at = null where id = ${who.id}`,
  )
  return who
}
const state = ({ id }: TestUser) =>
  one(
    app.db,
    z.object({ status: z.string(), verified: z.boolean(), password_method: z.string().nullable() }),
    sql`select status, email_verified_at is not null as verified, password_method from users where id = ${id}`,
  )
async function emailTo(who: TestUser) {
  await app.runJobs()
  const [newest] = (await app.emailsTo(who)).filter(({ template }) => template === 'invitation')
  if (!newest) throw new Error(`${who.email} was not invited`)
  return newest
}
const pathTo = async (who: TestUser) => new URL((await emailTo(who)).link ?? '').pathname
async function linkFor(who: TestUser): Promise<string> {
  await app.db.transaction((tx) => invite(tx, nobody, [who]))
  return pathTo(who)
}
async function open(path: string, client = app.client()): Promise<HttpClient> {
  const answer = await client.get(path)
  expect([answer.status, answer.headers.location]).toEqual([303, '/invitation'])
  return client
}
const isInvalid = async (path: string, why: string) => {
  const answer = await app.client().get(path)
  expect([answer.status, textOf(answer.text)]).toEqual([410, expect.stringContaining(why)])
  return textOf(answer.text)
}
const age = (who: TestUser, interval: string) =>
  run(app.db, sql`update links set expires_at = expires_at - ${interval}::interval where user_id = ${who.id}`)

describe('an invitation', () => {
  test('lets a person choose their first password, which verifies the email and activates the account', async () => {
    const who = await invited()
    const client = await open(await linkFor(who))
    const page = await client.get('/invitation')
    expect(textOf(page.text)).toContain(`for ${who.email} at Acme Field`)

    const answer = await client.post('/invitation', choice(good))

    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
    expect(textOf((await client.get('/sign-in')).text)).toContain('Your account is ready')
    expect((await client.get('/account')).headers.location).toContain('/sign-in')
    expect(await state(who)).toEqual({ status: 'active', verified: true, password_method: 'invitation' })
    await app.signIn(who, false, good)
    const events = (await activityFor(app.db, who)).map(({ event, method, actor_id }) => [
      event,
      method,
      actor_id,
    ])
    expect(events.slice(0, 3)).toEqual([
      ['password_change', 'invitation', who.id],
      ['email_verified', null, who.id],
      ['user_activated', null, who.id],
    ])
  })

  test('is an email that names company, address and seven days, and never contains a password', async () => {
    const who = await invited()
    await app.db.transaction((tx) => invite(tx, nobody, [who]))
    const { subject, text, html } = await emailTo(who)
    expect(subject).toBe('Your account at Acme Field')
    for (const part of [text, html]) {
      expect(part).toContain(who.email)
      expect(part).toContain('works once, for 7 days')
      expect(part).toMatch(/\/invitation\/[\w-]{43}/)
    }
  })

  test('has its token neither in the database nor in a later address', async () => {
    const who = await invited()
    const path = await linkFor(who)
    const token = path.split('/').at(-1) ?? ''
    const { rows } = await app.db.query(
      sql`select (select string_agg(l::text, '') from links l) || (select string_agg(l::text, '') from emails l)
            || (select string_agg(s::text, '') from session_data s) as kept`,
    )
    expect(JSON.stringify(rows)).not.toContain(token)
    const client = await open(path)
    expect((await client.get('/invitation')).text).not.toContain(token)
  })

  test('is not consumed by opening it, however often', async () => {
    const who = await invited()
    const path = await linkFor(who)
    for (let i = 0; i < 10; i++) expect((await app.client().get(path)).status).toBe(303)
    for (let i = 0; i < 10; i++) expect((await app.client().head(path)).status).toBe(303)
    expect(await state(who)).toMatchObject({ status: 'invited', verified: false })
    expect((await (await open(path)).post('/invitation', choice(good))).headers.location).toBe('/sign-in')
  })

  test('is not consumed by a rejected password: every rule of the policy applies here too', async () => {
    const who = await invited('Ines Caldera')
    const client = await open(await linkFor(who))
    for (const [fields, message] of [
      [choice('short'), 'Use at least 12 characters; this has 5.'],
      [choice('passwordpassword'), 'guessed first'],
      [choice('inescaldera99'), 'little more than a name'],
      [choice('acmefieldacmefield'), 'little more than a name'],
      [choice('ab cd '.repeat(43)), 'Use at most 256 characters; this has 258.'],
      [choice(`${good}\0x`), 'a character that cannot be typed'],
      [choice(''), 'Enter a new password.'],
      [
        { newPassword: good, confirmPassword: 'another' },
        'The passwords don’t match. Enter the new password again.',
      ],
    ] as const) {
      const answer = await client.post('/invitation', fields)
      expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
      expect(answer.text).not.toContain(good)
    }
    expect(await state(who)).toMatchObject({ status: 'invited', verified: false })
    expect((await client.post('/invitation', choice(good))).headers.location).toBe('/sign-in')
  })

  test('of twenty concurrent requests exactly one succeeds', async () => {
    const who = await invited()
    const path = await linkFor(who)
    const clients = await Promise.all(Array.from({ length: 20 }, () => open(path)))
    const tokens = await Promise.all(clients.map((client) => client.token('/invitation')))
    const chosen = (i: number) => `winner ${i} violin harvest`
    const answers = await Promise.all(
      clients.map((client, i) =>
        client.postBare('/invitation', { _csrf: tokens[i] ?? '', ...choice(chosen(i)) }),
      ),
    )
    const winners = answers.flatMap(({ status }, i) => (status === 303 ? [i] : []))
    expect(winners).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(19)
    expect(await activityFor(app.db, who, 'password_change')).toHaveLength(1)
    await app.signIn(who, false, chosen(winners[0] ?? -1))
  })

  test('is invalid once used, says so, and leads to the sign-in page', async () => {
    const who = await invited()
    const path = await linkFor(who)
    await (await open(path)).post('/invitation', choice(good))
    const told = await isInvalid(path, 'It was used today')
    expect(told).toContain('Go to sign in')
    expect(told).not.toContain('Email me a new link')
  })

  test('is valid for seven days from delivery, also for a form opened in time', async () => {
    const who = await invited()
    const path = await linkFor(who)
    await age(who, '6 days 23 hours 59 minutes')
    const client = await open(path)
    const _csrf = await client.token('/invitation')
    await age(who, '2 minutes')
    await isInvalid(path, 'It expired')
    expect((await client.postBare('/invitation', { _csrf, ...choice(good) })).status).toBe(410)
    expect(await state(who)).toMatchObject({ status: 'invited' })
  })

  const invalidations: [string, (who: TestUser) => Promise<unknown>, string][] = [
    ['a newer one', (who) => linkFor(who), 'It was replaced or cancelled'],
    [
      'another address',
      (who) => run(app.db, sql`update users set email = 'x' || email where id = ${who.id}`),
      'The email of the account changed after',
    ],
    [
      'a block',
      (who) => run(app.db, sql`update users set status = 'blocked' where id = ${who.id}`),
      'The account is not active.',
    ],
    [
      'a block that was lifted again',
      async (who) => {
        await run(app.db, sql`update users set status = 'blocked' where id = ${who.id}`)
        await run(app.db, sql`update users set status = 'invited' where id = ${who.id}`)
      },
      'changed',
    ],
    [
      'the account coming into use another way',
      (who) => run(app.db, sql`update users set status = 'active' where id = ${who.id}`),
      'This account already has a password',
    ],
  ]
  test.each(invalidations)('is invalid after %s', async (_, action, why) => {
    const who = await invited()
    const path = await linkFor(who)
    const client = await open(path)
    const _csrf = await client.token('/invitation')
    await action(who)
    await isInvalid(path, why)
    expect((await client.postBare('/invitation', { _csrf, ...choice(good) })).status).toBe(410)
    expect(await state(who)).toMatchObject({ password_method: null })
  })

  test('once expired, is sent again to the same address with one click', async () => {
    const who = await invited()
    const path = await linkFor(who)
    await age(who, '8 days')
    const client = app.client()
    const page = await client.get(path)
    expect(textOf(page.text)).toContain('works once, for 7 days')
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const asked = await client.postBare('/forgot-password', { _csrf })
    expect(asked.headers.location).toBe('/forgot-password/sent')
    const newer = await pathTo(who)
    expect(newer).not.toBe(path)
    await open(newer)
    const sent = await activityFor(app.db, who, 'email_verification_sent')
    expect(sent).toMatchObject([{ actor_id: null, details: { invitation: true } }])
  })

  test('is what “Forgot your password?” emails to people without a password', async () => {
    const who = await invited()
    await app.client().post('/forgot-password', { email: who.email })
    await open(await pathTo(who))
    expect((await app.emailsTo(who)).map(({ template }) => template)).toEqual(['invitation'])
  })

  test('opens only at its own path, and no other link opens there', async () => {
    const [who, other] = [await invited(), await app.createUser({ name: 'Rosa Reset', role: 'Fieldworker' })]
    const path = await linkFor(who)
    await isInvalid(path.replace('/invitation/', '/reset-password/'), 'The link may be incomplete')
    await isInvalid(path.replace('/invitation/', '/verify-email/'), 'The link may be incomplete')
    await app.client().post('/forgot-password', { email: other.email })
    await app.runJobs()
    const [reset] = (await app.emailsTo(other)).filter(({ link }) => link)
    const resetPath = new URL(reset?.link ?? '').pathname
    await isInvalid(resetPath.replace('/reset-password/', '/invitation/'), 'The link may be incomplete')
    await isInvalid(`/invitation/${'x'.repeat(43)}`, 'The link may be incomplete')
    await isInvalid('/invitation/a%00b', 'The link may be incomplete')
  })

  test('belongs to the browser that opened it: without one there is no form', async () => {
    const stranger = app.client()
    expect((await stranger.get('/invitation')).headers.location).toBe('/sign-in')
    expect((await stranger.post('/invitation', choice(good), '/sign-in')).headers.location).toBe('/sign-in')
  })

  test('does not sign out another person who opens it, and changes only its owner', async () => {
    const who = await invited()
    const sam = await app.as('sam')
    await open(await linkFor(who), sam)
    expect((await sam.post('/invitation', choice(good))).status).toBe(303)
    expect(textOf((await sam.get('/account')).text)).toContain('Sam Field')
    await app.signIn(app.cast.sam)
    await app.signIn(who, false, good)
  })

  test('allows twenty attempts in ten minutes', async () => {
    const who = await invited()
    const client = await open(await linkFor(who))
    const _csrf = await client.token('/invitation')
    const statuses: number[] = []
    for (let i = 0; i < 21; i++)
      statuses.push((await client.postBare('/invitation', { _csrf, ...choice('short') })).status)
    expect(statuses).toEqual([...Array<number>(20).fill(422), 429])
  })
})

test('many people are invited at once, each by their own email and link, after emails that wait already', async () => {
  const { rows } = await app.db.query(
    sql`insert into users (name, email, role_id)
        select 'Many ' || i, 'many' || i || '@firm.test', (select id from roles where name = 'Fieldworker')
        from generate_series(1, 1002) i returning id, name, email`,
  )
  const people = rows as TestUser[]
  await app.db.transaction((tx) => invite(tx, nobody, people))
  const counted = await one(
    app.db,
    z.object({ links: z.coerce.number(), emails: z.coerce.number(), jobs: z.coerce.number() }),
    sql`select (select count(distinct l.user_id) from links l join users u on u.id = l.user_id
                where l.purpose = 'invite' and u.email like 'many%') as links,
          (select count(distinct data ->> 'linkId') from emails where to_address like 'many%') as emails,
          (select count(*) from graphile_worker._private_jobs j join emails l on l.id = (j.payload ->> 'emailId')::uuid
           where l.to_address like 'many%' and j.priority > 0) as jobs`,
  )
  expect(counted).toEqual({ links: 1002, emails: 1002, jobs: 1002 })
  await run(app.db, sql`delete from graphile_worker._private_jobs`)
})
