import { beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor } from '../../support/people.ts'
import { textOf } from '../../support/http-client.ts'

const app = createTestApp()
beforeEach(() => run(app.db, sql`delete from rate_limits`))
const worker = (more = {}) =>
  app.createUser({ name: 'Wilma Worker', role: 'Fieldworker', team: 'North', ...more })
const places = ['/fieldworkers?q=wilma', '/fieldworkers/ID', '/settings/company/users?q=wilma']

describe('from the ⋯ menu of all three pages', () => {
  test.each(places)('%s: sends a reset link, and leads back', async (place) => {
    const who = await worker()
    const admin = await app.as('admin')
    const here = place.replace('ID', who.id)
    expect((await admin.get(here)).text).toContain(`formaction="/users/${who.id}/password-reset"`)
    const answer = await admin.post(`/users/${who.id}/password-reset`, { returnTo: here }, here)
    expect([answer.status, answer.headers.location]).toEqual([303, here])
    expect(textOf((await admin.get(here)).text)).toContain('Reset link sent to Wilma Worker')
    await app.runJobs()
    const [email] = await app.emailsTo(who)
    expect(email).toMatchObject({ template: 'password_reset' })
    expect((await app.client().get(new URL(email?.link ?? '').pathname)).headers.location).toBe(
      '/reset-password',
    )
    expect(answer.text).not.toContain(email?.link?.split('/').at(-1))
    expect(await activityFor(app.db, who)).toMatchObject([
      { event: 'password_reset_requested', actor_id: app.cast.admin.id },
      { event: 'password_reset_sent', actor_id: app.cast.admin.id },
    ])
  })

  test('an unverified person gets the verification, which leads on to choosing a password', async () => {
    const who = await worker({ verified: false })
    const admin = await app.as('admin')
    await admin.post(`/users/${who.id}/password-reset`, {}, '/fieldworkers')
    await app.runJobs()
    expect(await app.emailsTo(who)).toMatchObject([{ template: 'email_verification' }])
  })

  test('resend the verification, which is not offered to the verified', async () => {
    const [who, verified] = [await worker({ verified: false }), await worker()]
    const dispatcher = await app.as('dispatcher')
    expect((await dispatcher.get('/fieldworkers?q=wilma')).text).not.toContain(
      `/users/${verified.id}/email-verification`,
    )
    await dispatcher.post(`/users/${who.id}/email-verification`, {}, '/fieldworkers')
    expect(await app.emailsTo(who)).toMatchObject([{ template: 'email_verification' }])
    await dispatcher.post(`/users/${verified.id}/email-verification`, {}, '/fieldworkers')
    expect(await app.emailsTo(verified)).toEqual([])
  })

  test('sign out of all devices', async () => {
    const who = await worker()
    const devices = [await app.signIn(who), await app.signIn(who, true)]
    const dispatcher = await app.as('dispatcher')
    await dispatcher.post(`/users/${who.id}/sessions/end`, {}, '/fieldworkers')
    expect(textOf((await dispatcher.get('/fieldworkers')).text)).toContain('2 devices were signed out.')
    for (const device of devices) expect((await device.get('/account')).status).toBe(303)
    expect(await activityFor(app.db, who, 'sessions_ended')).toMatchObject([
      { actor_id: app.cast.dispatcher.id, details: { count: 2 } },
    ])
  })

  test('nothing is sent to a person who cannot sign in, and the page says what to do', async () => {
    const who = await worker({ status: 'inactive' })
    const admin = await app.as('admin')
    const answer = await admin.post(`/users/${who.id}/password-reset`, {}, '/fieldworkers')
    expect([answer.status, textOf(answer.text)]).toEqual([
      403,
      expect.stringContaining('Make the account active first.'),
    ])
    expect(await app.emailsTo(who)).toEqual([])
    expect(await activityFor(app.db, who)).toEqual([])
  })

  test('a password entered half an hour ago is asked for again, then it leads back', async () => {
    const who = await worker()
    const admin = await app.as('admin')
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where user_id = ${app.cast.admin.id}`,
    )
    const answer = await admin.post(
      `/users/${who.id}/password-reset`,
      { returnTo: '/fieldworkers?q=wilma' },
      '/fieldworkers',
    )
    expect(answer.headers.location).toBe(
      `/confirm-password?next=${encodeURIComponent('/fieldworkers?q=wilma')}`,
    )
    expect(await activityFor(app.db, who)).toEqual([])
  })
})
