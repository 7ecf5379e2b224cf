import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'
import { activityFor, credential, type TestUser } from '../../support/people.ts'
import { addressInQrCode } from '../../support/qr-code.ts'
import { resetRateLimits } from '../../support/rate-limits.ts'

const app = createTestApp()
beforeEach(() => resetRateLimits(app.db))

const good = 'copper lantern meadow 17'
const choice = { newPassword: good, confirmPassword: good }
const worker = (traits = {}) =>
  app.createUser({ name: 'Wilma Worker', role: 'Fieldworker', team: 'North', ...traits })
const show = (who: TestUser, by: HttpClient, page = '/fieldworkers') =>
  by.post(`/users/${who.id}/sign-in-code`, { returnTo: `/fieldworkers/${who.id}` }, page)
const events = (who: TestUser) => activityFor(app.db, who, 'sign_in_code_shown')
const linksOf = (who: TestUser) =>
  many(
    app.db,
    z.object({ purpose: z.string() }),
    sql`select purpose from links where user_id = ${who.id} and superseded_at is null`,
  )

/** Shows a code, and reads its path from the page as a camera does. */
async function codeFor(who: TestUser, by?: HttpClient): Promise<string> {
  const answer = await show(who, by ?? (await app.as('dispatcher')))
  expect(answer.status).toBe(200)
  return new URL(addressInQrCode(answer.text)).pathname
}
async function scan(path: string): Promise<HttpClient> {
  const phone = app.client()
  expect((await phone.get(path)).headers.location).toBe('/reset-password')
  return phone
}
async function isInvalid(path: string, why: string) {
  const answer = await app.client().get(path)
  expect([answer.status, textOf(answer.text)]).toEqual([410, expect.stringContaining(why)])
}

describe('the page', () => {
  test('holds the address of a reset link in the code, and nowhere else', async () => {
    const who = await worker()
    const dispatcher = await app.as('dispatcher')
    const answer = await show(who, dispatcher)
    const address = new URL(addressInQrCode(answer.text))
    expect(address.origin).toBe('http://localhost:3000')
    expect(address.pathname).toMatch(/^\/reset-password\/[\w-]{43}$/)
    const token = address.pathname.split('/').at(-1) ?? ''
    expect(answer.text).not.toContain(token)
    expect(JSON.stringify(answer.headers)).not.toContain(token)
    expect(answer.text).not.toMatch(/data:|<img|<title>[^<]*reset-password/)
    expect(answer.headers['cache-control']).toContain('no-store')
    expect(answer.headers['content-security-policy']).toContain("img-src 'self';")
    const stored = await one(
      app.db,
      z.object({ rows: z.string() }),
      sql`select concat(
            (select json_agg(l) from links l), (select json_agg(s) from session_data s),
            (select json_agg(e) from emails e), (select json_agg(a) from activity_log a)) as rows`,
    )
    expect(stored.rows).toContain(who.id)
    expect(stored.rows).not.toContain(token)
  })

  test('says whose it is, how long it works, what it ends, and leads back', async () => {
    const who = await worker()
    const dispatcher = await app.as('dispatcher')
    const { text } = await show(who, dispatcher)
    const words = textOf(text)
    expect(words).toContain('Wilma Worker opens the phone’s camera')
    expect(words).toMatch(/Works once, until \d\d:\d\d \( 10 minutes left \)/)
    expect(words).toContain('Earlier reset links no longer work')
    expect(words).not.toContain('unverified')
    expect(text).toContain(`<a class="button primary" href="/fieldworkers/${who.id}">Done</a>`)
    expect(text).toMatch(/<svg class="qr"[^>]* role="img" aria-label="QR code for Wilma’s phone"/)
    const [ends = ''] = /datetime="[^"]+"/.exec(text) ?? []
    const seconds = (Date.parse(ends.slice(10, -1)) - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(9 * 60)
    expect(seconds).toBeLessThanOrEqual(10 * 60)
    const again = await dispatcher.get(`/users/${who.id}/sign-in-code`)
    expect([again.status, again.headers.location]).toEqual([303, `/fieldworkers/${who.id}`])
  })

  test.each(['/fieldworkers?q=wilma', '/fieldworkers/ID', '/settings/company/users?q=wilma'])(
    'is offered in the ⋯ menu of %s',
    async (place) => {
      const who = await worker()
      const inactive = await worker({ status: 'inactive' })
      const admin = await app.as('admin')
      const offered = async (id: string) =>
        (await admin.get(place.replace('ID', id))).text.includes(`formaction="/users/${id}/sign-in-code"`)
      expect([await offered(who.id), await offered(inactive.id)]).toEqual([true, false])
    },
  )
})

describe('the code', () => {
  test('leads the worker to a password of their own, once', async () => {
    const who = await worker()
    const device = await app.signIn(who)
    const path = await codeFor(who)
    const phone = await scan(path)
    expect(textOf((await phone.get('/reset-password')).text)).toContain('Choose a new password')
    const answer = await phone.post('/reset-password', choice)
    expect([answer.status, answer.headers.location]).toEqual([303, '/sign-in'])
    expect((await device.get('/account')).status).toBe(303)
    await app.signIn(who, false, good)
    await isInvalid(path, 'It was used today')
    expect(await activityFor(app.db, who, 'password_change')).toMatchObject([
      { method: 'reset_link', actor_id: who.id, details: { from: 'sign_in_code', sessions_ended: 1 } },
    ])
    const auditor = await app.as('auditor')
    const log = textOf((await auditor.get(`/activity-log?about=${who.id}`)).text)
    expect(log).toContain('By a reset link, shown as a QR code. Signed out of 1 device.')
    expect(log).toContain('Tom Dispatcher showed a sign-in QR code for Wilma Worker')
  })

  test('of two who scan it, serves one', async () => {
    const who = await worker()
    const path = await codeFor(who)
    const phones = [await scan(path), await scan(path)]
    const answers = await Promise.all(phones.map((phone) => phone.post('/reset-password', choice)))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410])
  })

  test('works for ten minutes and no second longer, also when it was opened before', async () => {
    const who = await worker()
    const path = await codeFor(who)
    const opened = await scan(path)
    const age = (by: string) =>
      run(
        app.db,
        sql`update links set expires_at = expires_at - ${by}::interval where user_id = ${who.id} and used_at is null`,
      )
    await age('9 minutes 30 seconds')
    const inTime = await scan(path)
    const before = await credential(app.db, who)
    await age('31 seconds')
    await isInvalid(path, 'It expired')
    for (const phone of [opened, inTime])
      expect((await phone.post('/reset-password', choice)).status).toBe(410)
    expect(await credential(app.db, who)).toEqual(before)
  })

  test('that has expired offers an email with a link that works for an hour', async () => {
    const who = await worker()
    const path = await codeFor(who)
    await run(app.db, sql`update links set expires_at = now() where user_id = ${who.id}`)
    const phone = app.client()
    expect(textOf((await phone.get(path)).text)).toContain('works once, for 60 minutes')
    await phone.post('/forgot-password', {}, path)
    await app.runJobs()
    const email = (await app.emailsTo(who)).find(({ template }) => template === 'password_reset')
    await scan(new URL(email?.link ?? '').pathname)
  })

  test('ends the links before it: an emailed one, and an earlier code', async () => {
    const who = await worker()
    const dispatcher = await app.as('dispatcher')
    await dispatcher.post(`/users/${who.id}/password-reset`, {}, '/fieldworkers')
    await app.runJobs()
    const emailed = new URL((await app.emailsTo(who))[0]?.link ?? '').pathname
    const first = await codeFor(who, dispatcher)
    await isInvalid(emailed, 'It was replaced or cancelled')
    const second = await codeFor(who, dispatcher)
    await isInvalid(first, 'It was replaced or cancelled')
    await scan(second)
  })

  test('is ended by a link that is sent later, which has an address and a lifetime of its own', async () => {
    const who = await worker()
    const path = await codeFor(who)
    await app.client().post('/forgot-password', { email: who.email })
    await app.runJobs()
    await isInvalid(path, 'It was replaced or cancelled')
    const email = (await app.emailsTo(who)).find(({ template }) => template === 'password_reset')
    expect(new URL(email?.link ?? '').pathname).not.toBe(path)
    expect(await linksOf(who)).toEqual([{ purpose: 'reset' }])
  })

  test.each<[string, (who: TestUser) => Promise<unknown>]>([
    ['another status', (who) => run(app.db, sql`update users set status = 'blocked' where id = ${who.id}`)],
    ['another email', (who) => run(app.db, sql`update users set email = 'x' || email where id = ${who.id}`)],
    [
      'another password',
      async (who) => {
        const fields = { ...choice, mustChange: '1' }
        const admin = await app.as('admin')
        expect((await admin.post(`/users/${who.id}/password`, fields)).status).toBe(303)
      },
    ],
  ])('is ended by %s', async (_, change) => {
    const who = await worker()
    const path = await codeFor(who)
    await change(who)
    expect((await app.client().get(path)).status).toBe(410)
  })

  test('chooses a password of an unverified person and verifies no address: it proves no mailbox', async () => {
    const who = await worker({ verified: false })
    const answer = await show(who, await app.as('dispatcher'))
    expect(textOf(answer.text)).toContain('Their email stays unverified')
    const phone = await scan(new URL(addressInQrCode(answer.text)).pathname)
    expect((await phone.post('/reset-password', choice)).status).toBe(303)
    const own = await app.signIn(who, false, good)
    const { email_verified_at: verified } = await one(
      app.db,
      z.object({ email_verified_at: z.date().nullable() }),
      sql`select email_verified_at from users where id = ${who.id}`,
    )
    expect(verified).toBeNull()
    expect(textOf((await own.get('/account/password')).text)).toContain('Verify your email first')
    expect(await activityFor(app.db, who, 'email_verified')).toEqual([])
  })
})

describe('row 217, ASVS 6.4.6, NIST 4.2.1.2: who may show one', () => {
  test('is recorded, and emailed to the person without the link', async () => {
    const who = await worker()
    const path = await codeFor(who)
    expect(await events(who)).toMatchObject([
      {
        actor_id: app.cast.dispatcher.id,
        subject_id: who.id,
        details: { expires_at: expect.any(String) as string },
      },
    ])
    await app.runJobs()
    const [email] = await app.emailsTo(who)
    expect(email).toMatchObject({ template: 'sign_in_code_shown', link: null })
    expect(email?.text).toContain('Tom Dispatcher, Dispatcher')
    expect(`${email?.text} ${email?.html}`).not.toContain(path.split('/').at(-1))
    const phone = await scan(path)
    await phone.post('/reset-password', choice)
    await app.runJobs()
    const done = (await app.emailsTo(who)).find(({ template }) => template === 'password_reset_done')
    expect(done?.text).toContain('The QR code that your office showed you')
  })

  test('is refused outside one’s scope, over oneself, over people above, and to who may not change passwords', async () => {
    const otto = app.cast.otto
    const dispatcher = await app.as('dispatcher')
    expect((await show(otto, dispatcher)).status).toBe(403)
    expect((await show(app.cast.dispatcher, dispatcher)).status).toBe(403)
    expect((await show(app.cast.owner, await app.as('admin'))).status).toBe(403)
    expect((await show(otto, await app.as('auditor'), '/account')).status).toBe(403)
    expect((await show(otto, await app.as('sam'), '/account')).status).toBe(403)
    for (const who of [otto, app.cast.dispatcher, app.cast.owner]) {
      expect(await events(who)).toEqual([])
      expect(await linksOf(who)).toEqual([])
    }
  })

  test('is refused during impersonation', async () => {
    const who = await worker()
    const admin = await app.as('admin')
    const page = `/users/${app.cast.dispatcher.id}/impersonation`
    expect((await admin.post(page, { reason: 'To see what they see' })).status).toBe(303)
    expect((await show(who, admin, '/account')).status).toBe(403)
    expect(await events(who)).toEqual([])
  })

  test('asks for the password if it was entered more than half an hour ago', async () => {
    const who = await worker()
    const dispatcher = await app.as('dispatcher')
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where user_id = ${app.cast.dispatcher.id}`,
    )
    const answer = await show(who, dispatcher)
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      `/confirm-password?next=${encodeURIComponent(`/fieldworkers/${who.id}`)}`,
    ])
    expect(await linksOf(who)).toEqual([])
  })

  test.each([
    ['inactive', 'Make the account active first.'],
    ['blocked', 'Make the account active first.'],
    ['invited', 'Resend their invitation'],
  ])('is refused over somebody %s, as a reset link is', async (status, advice) => {
    const who = await worker({ status })
    const admin = await app.as('admin')
    const answer = await show(who, admin)
    const sent = await admin.post(`/users/${who.id}/password-reset`, {}, '/fieldworkers')
    const words = textOf(answer.text).replace(/Reference .*/, '')
    expect([answer.status, words]).toEqual([403, expect.stringContaining(advice)])
    expect(words).toBe(textOf(sent.text).replace(/Reference .*/, ''))
    expect(await events(who)).toEqual([])
  })

  test('counts with the links that the office sends, and says when to show another', async () => {
    const who = await worker()
    const dispatcher = await app.as('dispatcher')
    await dispatcher.post(`/users/${who.id}/password-reset`, {}, '/fieldworkers')
    for (const expected of [200, 200, 429]) expect((await show(who, dispatcher)).status).toBe(expected)
    const refused = await show(who, dispatcher)
    expect(textOf(refused.text)).toContain('Wilma Worker has been given several links already')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(await events(who)).toHaveLength(2)
  })
})
