import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { credential, activityFor, password, type TestUser } from '../../support/people.ts'
import { textOf } from '../../support/http-client.ts'

const app = createTestApp()
const good = 'violin trunk harvest 58 otter'
const choice = { newPassword: good, confirmPassword: good }

beforeEach(() => run(app.db, sql`delete from rate_limits`))
const unverified = () => app.createUser({ name: 'Bas Okonjo', role: 'Fieldworker', verified: false })
const isVerified = async ({ id }: TestUser) =>
  (
    await one(
      app.db,
      z.object({ yes: z.boolean() }),
      sql`select email_verified_at is not null as yes from users where id = ${id}`,
    )
  ).yes

async function newestLink(to: TestUser): Promise<string> {
  await app.runJobs()
  const [newest] = (await app.emailsTo(to)).filter(({ link }) => link)
  return new URL(newest?.link ?? 'http://no.link').pathname
}
/** Opens the page of a mailed link and presses its button. */
async function press(path: string, client = app.client()) {
  return client.post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
}

describe('an unverified address', () => {
  test('comes before the change: a page offers to email the link', async () => {
    const me = await unverified()
    const client = await app.signIn(me)
    const page = await client.get('/account/password')
    expect([page.status, textOf(page.text)]).toEqual([
      200,
      expect.stringContaining('Verify your email first'),
    ])
    expect(page.text).not.toContain('name="newPassword"')
    const before = await credential(app.db, me)
    const direct = await client.post('/account/password', { currentPassword: password, ...choice })
    expect([direct.status, direct.text]).toEqual([
      403,
      expect.stringContaining('/account/email-verification'),
    ])
    expect((await client.post('/m/password', choice, '/account')).status).toBe(403)
    expect(await credential(app.db, me)).toEqual(before)

    const sent = await client.post(
      '/account/email-verification',
      { next: '/account/password' },
      '/account/password',
    )
    expect([sent.status, sent.headers.location]).toEqual([303, '/account/password'])
    expect(textOf((await client.get('/account/password')).text)).toContain('A link is on its way')
    const answer = await press(await newestLink(me), client)
    expect([answer.status, answer.headers.location]).toEqual([303, '/account/password'])
    expect((await client.get('/account/password')).text).toContain('name="newPassword"')
    expect(
      (await client.post('/account/password', { currentPassword: password, ...choice })).headers.location,
    ).toBe('/account')
    const events = (await activityFor(app.db, me)).map(({ event }) => event)
    expect(events).toEqual(['sign_in', 'email_verification_sent', 'email_verified', 'password_change'])
  })

  test('is verified in another browser too: sign in there, then continue', async () => {
    const me = await unverified()
    const client = await app.signIn(me)
    await client.post('/account/email-verification', { next: '/m/password' }, '/account/password')
    const elsewhere = app.client()
    const answer = await press(await newestLink(me), elsewhere)
    expect(answer.headers.location).toBe(`/sign-in?next=${encodeURIComponent('/m/password')}`)
    expect(textOf((await elsewhere.get('/sign-in')).text)).toContain('Your email is confirmed')
    expect(await isVerified(me)).toBe(true)
  })

  test('is not verified by opening the link, however often', async () => {
    const me = await unverified()
    const client = await app.signIn(me)
    await client.post('/account/email-verification', {}, '/account')
    const path = await newestLink(me)
    for (let i = 0; i < 20; i++) expect((await app.client().get(path)).status).toBe(200)
    for (let i = 0; i < 5; i++) expect((await app.client().head(path)).status).toBe(200)
    expect(await isVerified(me)).toBe(false)
    await press(path)
    expect(await isVerified(me)).toBe(true)
    const again = await app.client().get(path)
    expect([again.status, textOf(again.text)]).toEqual([410, expect.stringContaining('It was used today')])
  })

  test('is throttled, and says so, when requested again within a minute', async () => {
    const client = await app.signIn(await unverified())
    await client.post('/account/email-verification', {}, '/account')
    const again = await client.post('/account/email-verification', {}, '/account')
    expect([again.status, Number(again.headers['retry-after']) > 0]).toEqual([429, true])
  })

  test('with a temporary password: verified first, then replaced, in one visit', async () => {
    const me = await unverified()
    await (
      await app.as('admin')
    ).post(`/users/${me.id}/password`, { ...choice, mustChange: '1', endSessions: '1' })
    const client = await app.signIn(me, false, good)
    expect((await client.get('/account')).headers.location).toBe('/account/password')
    expect(textOf((await client.get('/account/password')).text)).toContain('Verify your email first')
    await client.post('/account/email-verification', { next: '/account/password' }, '/account/password')
    expect((await press(await newestLink(me), client)).headers.location).toBe('/account/password')
    const own = 'lantern violet spruce 44'
    const change = { currentPassword: good, newPassword: own, confirmPassword: own }
    expect((await client.post('/account/password', change)).headers.location).toBe('/account')
    expect((await client.get('/account')).status).toBe(200)
  })

  test('with a forgotten password: Confirm leads straight on to choosing a new one', async () => {
    const me = await unverified()
    await app.client().post('/forgot-password', { email: me.email })
    const client = app.client()
    const answer = await press(await newestLink(me), client)
    expect([answer.status, answer.headers.location]).toEqual([303, '/reset-password'])
    expect((await client.post('/reset-password', choice)).headers.location).toBe('/sign-in')
    expect(await isVerified(me)).toBe(true)
    await app.signIn(me, false, good)
    expect((await activityFor(app.db, me, 'password_change')).map(({ method }) => method)).toEqual([
      'reset_link',
    ])
  })

  test('its link is valid for a day, until the account changes', async () => {
    const me = await unverified()
    const client = await app.signIn(me)
    await client.post('/account/email-verification', {}, '/account')
    const path = await newestLink(me)
    await run(
      app.db,
      sql`update links set expires_at = expires_at - interval '24 hours 1 second' where user_id = ${me.id}`,
    )
    expect(textOf((await app.client().get(path)).text)).toContain('It expired')
    expect((await press('/sign-in')).status).toBe(410)
    expect(await isVerified(me)).toBe(false)
  })
})

test.each(['/account/password/', '/Account/Password', '/M/password', '/m/password/'])(
  '%s does not bypass the verification',
  async (address) => {
    const me = await unverified()
    const client = await app.client('Mozilla/5.0 (iPhone) Mobile').signIn(me.email, password)
    const before = await credential(app.db, me)
    await client.post(address, { currentPassword: password, ...choice }, '/account')
    expect(await credential(app.db, me)).toEqual(before)
  },
)

test('a confirmed or opened reset is in new session data, which nobody else has', async () => {
  const me = await unverified()
  await app.client().post('/forgot-password', { email: me.email })
  const client = app.client()
  await client.get('/sign-in')
  const planted = client.sessionCookie()
  await press(await newestLink(me), client)
  expect((await client.get('/reset-password')).status).toBe(200)
  const thief = await app.client().get('/reset-password').set('Cookie', planted)
  expect(thief.headers.location).toBe('/forgot-password')
})

describe('changing my address', () => {
  const asking = async (me: TestUser, email: string) => {
    const client = await app.signIn(me)
    const answer = await client.post('/account/email', { email, password })
    await app.runJobs()
    return { visitor: client, answer }
  }
  const addressOf = async ({ id }: TestUser) =>
    (await one(app.db, z.object({ email: z.string() }), sql`select email from users where id = ${id}`)).email
  const somebody = () => app.createUser({ name: 'Mia Mover', role: 'Fieldworker' })
  let count = 0
  const fresh = () => `mia.new${++count}@firm.test`

  test('asks for the password, changes nothing until the new address confirms, and tells the old one', async () => {
    const me = await somebody()
    const email = fresh()
    const { visitor: client, answer } = await asking(me, email)
    expect([answer.status, answer.headers.location]).toEqual([303, '/account'])
    expect(await addressOf(me)).toBe(me.email)
    const [notice] = (await app.emailsTo(me)).filter(({ template }) => template === 'email_change_notice')
    expect(notice?.text).toContain(email)
    expect((await press(await newestLink({ ...me, email }), client)).headers.location).toBe('/account')
    expect(await addressOf(me)).toBe(email)
    expect(await isVerified(me)).toBe(true)
    await app.signIn({ ...me, email })
    expect(await activityFor(app.db, me, 'user_updated')).toMatchObject([
      { actor_id: me.id, details: { email_before: me.email, email_after: email } },
    ])
  })

  test.each([
    ['a wrong password', { password: 'not it at all' }, 'That isn’t your password'],
    ['no password', { password: '' }, 'Enter the password.'],
    ['no address', { email: 'nowhere' }, 'Enter an address such as'],
    ['two addresses', { email: 'a@firm.test, b@firm.test' }, 'Enter an address such as'],
    ['a line break', { email: 'a@firm.test\r\nBcc: evil@x.test' }, 'Enter an address such as'],
  ])('%s: 422 with an error, and no email', async (_, fields, message) => {
    const me = await somebody()
    const client = await app.signIn(me)
    const answer = await client.post('/account/email', { email: fresh(), password, ...fields })
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
    expect((await app.emailsTo(me)).filter(({ template }) => template.startsWith('email'))).toEqual([])
  })

  test('to one that another account has gets the same answer, and no link', async () => {
    const me = await somebody()
    const { answer } = await asking(me, app.cast.sam.email)
    expect([answer.status, answer.headers.location]).toEqual([303, '/account'])
    expect((await app.emailsTo(app.cast.sam)).filter(({ template }) => template === 'email_change')).toEqual(
      [],
    )
  })

  test('to one that another account took meanwhile changes nothing', async () => {
    const me = await somebody()
    const email = fresh()
    await asking(me, email)
    const path = await newestLink({ ...me, email })
    await run(app.db, sql`update users set email = ${email} where id = ${app.cast.otto.id}`)
    const answer = await press(path)
    await run(app.db, sql`update users set email = ${app.cast.otto.email} where id = ${app.cast.otto.id}`)
    expect([answer.status, textOf(answer.text)]).toEqual([
      403,
      expect.stringContaining('Another account uses this address'),
    ])
    expect(await addressOf(me)).toBe(me.email)
  })

  test.each(['before', 'after'])('is reverted by “This wasn’t me” %s it was confirmed', async (when) => {
    const me = await somebody()
    const email = fresh()
    const { visitor: thief } = await asking(me, email)
    const confirm = await newestLink({ ...me, email })
    const object = await newestLink(me)
    if (when === 'after') await press(confirm)
    const owner = app.client()
    expect(textOf((await owner.get(object)).text)).toContain('This wasn’t me')
    expect((await press(object, owner)).headers.location).toBe('/sign-in')
    expect(textOf((await owner.get('/sign-in')).text)).toContain(`Your account keeps ${me.email}`)
    expect(await addressOf(me)).toBe(me.email)
    expect((await thief.get('/account')).status).toBe(303)
    await expect(app.signIn(me)).rejects.toThrow('422')
    if (when === 'before') expect((await app.client().get(confirm)).status).toBe(410)
    await owner.get(await newestLink(me))
    expect((await owner.post('/reset-password', choice)).headers.location).toBe('/sign-in')
    await app.signIn(me, false, good)
  })

  test('cannot be kept from its owner by a further change: the first dispute stays valid, the thief’s own does not', async () => {
    const me = await somebody()
    const [second, third] = [fresh(), fresh()]
    await asking(me, second)
    await press(await newestLink({ ...me, email: second }))
    const mine = await objectionTo(me.email)
    await run(app.db, sql`delete from rate_limits`)
    await asking({ ...me, email: second }, third)
    await press(await newestLink({ ...me, email: third }))
    const theirs = await objectionTo(second)
    expect((await press(mine)).headers.location).toBe('/sign-in')
    expect(await addressOf(me)).toBe(me.email)
    expect((await app.client().get(theirs)).status).toBe(410)
  })
  const objectionTo = async (email: string) => {
    const [notice] = (await app.emailsTo({ id: '', name: '', email })).filter(
      ({ template }) => template === 'email_change_notice',
    )
    return new URL(notice?.link ?? 'http://no.link').pathname
  }

  test('an address that was never verified is told, but cannot dispute', async () => {
    const me = await unverified()
    await asking(me, fresh())
    const [notice] = (await app.emailsTo(me)).filter(({ template }) => template === 'email_change_notice')
    expect([notice?.link, notice?.text.includes('This wasn’t me')]).toEqual([null, false])
  })

  test('repeated requests are throttled', async () => {
    const me = await somebody()
    const client = await app.signIn(me)
    const statuses = []
    for (let i = 0; i < 3; i++)
      statuses.push((await client.post('/account/email', { email: fresh(), password })).status)
    expect(statuses).toEqual([303, 429, 429])
  })

  test('is emailed to both addresses once it is done', async () => {
    const me = await somebody()
    const email = fresh()
    await asking(me, email)
    await press(await newestLink({ ...me, email }))
    for (const to of [me.email, email])
      expect((await app.emailsTo({ ...me, email: to })).map(({ template }) => template)).toContain(
        'email_changed',
      )
  })

  test('is denied while a temporary password must be replaced', async () => {
    const me = await somebody()
    await (await app.as('admin')).post(`/users/${me.id}/password`, { ...choice, mustChange: '1' })
    const client = await app.signIn(me, false, good)
    expect((await client.get('/account/email')).headers.location).toBe('/account/password')
  })
})
