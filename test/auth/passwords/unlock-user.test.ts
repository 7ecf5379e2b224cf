import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'
import { activityFor, password, type TestUser } from '../../support/people.ts'
import { resetRateLimits } from '../../support/rate-limits.ts'

const app = createTestApp()
beforeEach(() => resetRateLimits(app.db))

const worker = (traits = {}) =>
  app.createUser({ name: 'Lou Locked', role: 'Fieldworker', team: 'North', ...traits })

async function attempt(who: TestUser, typed: string, client = app.client()) {
  return client.post('/sign-in', { email: who.email, password: typed })
}
/** Wrong passwords, each after the wait of the one before. */
async function fail(who: TestUser, times: number, client = app.client()) {
  for (let i = 0; i < times; i++) {
    await run(app.db, sql`update password_failures set open_at = '-infinity'`)
    expect((await attempt(who, 'wrong', client)).status).toBe(422)
  }
}
const unlock = (who: TestUser, by: HttpClient, page = '/fieldworkers') =>
  by.post(`/users/${who.id}/unlock`, { returnTo: `/fieldworkers/${who.id}` }, page)
const events = (who: TestUser) => activityFor(app.db, who, 'sign_in_unlocked')

describe('Unlock', () => {
  test('lets a locked person sign in at once, says so and is recorded', async () => {
    const who = await worker()
    await fail(who, 5)
    expect((await attempt(who, password)).status).toBe(429)
    const dispatcher = await app.as('dispatcher')
    const answer = await unlock(who, dispatcher)
    expect([answer.status, answer.headers.location]).toEqual([303, `/fieldworkers/${who.id}`])
    expect(textOf((await dispatcher.get(`/fieldworkers/${who.id}`)).text)).toContain(
      'Lou Locked is unlocked They can try again at once. The password is unchanged. 5 wrong passwords came before.',
    )
    expect(await events(who)).toMatchObject([
      { actor_id: app.cast.dispatcher.id, subject_id: who.id, details: { failures: 5 } },
    ])
    expect((await attempt(who, password)).status).toBe(303)
  })

  test('is in the history of the person, and no email says so: it gives nobody access', async () => {
    const who = await worker()
    await fail(who, 5)
    await unlock(who, await app.as('dispatcher'))
    await app.runJobs()
    expect(await app.emailsTo(who)).toEqual([])
    const own = textOf((await (await app.signIn(who)).get('/account/activity')).text)
    expect(own).toContain('Tom Dispatcher unlocked the sign-in of')
    expect(own).toContain('After 5 wrong passwords')
  })

  test('frees every browser of the person', async () => {
    const who = await worker()
    const own = await app.signIn(who)
    await own.post('/sign-out', {}, '/account')
    await fail(who, 5, own)
    await fail(who, 5)
    await run(app.db, sql`update password_failures set open_at = now() + interval '1 hour'`)
    await unlock(who, await app.as('dispatcher'))
    expect((await attempt(who, password, own)).status).toBe(303)
    expect((await attempt(who, password)).status).toBe(303)
  })

  test('gives four more attempts before the next wait, and none towards a hundred', async () => {
    const who = await worker()
    await fail(who, 12)
    await unlock(who, await app.as('dispatcher'))
    for (let i = 0; i < 5; i++) expect((await attempt(who, 'wrong')).status).toBe(422)
    expect((await attempt(who, password)).status).toBe(429)
    const throttled = (await activityFor(app.db, who, 'sign_in_throttled')).at(-1)
    expect(throttled?.details).toMatchObject({ failures: 5 })

    await run(app.db, sql`update password_failures set failures = 99, forgiven = 99, open_at = '-infinity'`)
    expect((await attempt(who, 'wrong')).status).toBe(422)
    const { text } = await (await app.as('dispatcher')).get(`/fieldworkers/${who.id}`)
    expect(textOf(text)).toContain('The password is disabled 100 wrong passwords')
    expect((await attempt(who, password)).status).toBe(422)
  })

  test('does not enable a password that was disabled', async () => {
    const who = await worker()
    await fail(who, 1)
    await run(app.db, sql`update password_failures set failures = 100`)
    const dispatcher = await app.as('dispatcher')
    await unlock(who, dispatcher)
    expect(textOf((await dispatcher.get('/fieldworkers')).text)).toContain('Lou Locked wasn’t locked out')
    expect(await events(who)).toEqual([])
    expect((await attempt(who, password)).status).toBe(422)
  })

  test('of nobody who is locked changes nothing and is no event', async () => {
    const who = await worker()
    await fail(who, 3)
    const dispatcher = await app.as('dispatcher')
    expect((await unlock(who, dispatcher)).status).toBe(303)
    expect(textOf((await dispatcher.get('/fieldworkers')).text)).toContain(
      'Lou Locked wasn’t locked out Nothing was changed.',
    )
    expect(await events(who)).toEqual([])
    await fail(who, 2)
    expect((await attempt(who, password)).status).toBe(429)
  })

  test('frees one account: others stay locked, and no limit of a network changes', async () => {
    const [who, other] = [await worker(), await worker()]
    await fail(who, 5)
    await fail(other, 5)
    await run(app.db, sql`update password_failures set open_at = now() + interval '1 hour'`)
    const limits = () =>
      many(
        app.db,
        z.object({ key: z.string(), points: z.number() }),
        sql`select key, points from rate_limits order by key`,
      )
    const dispatcher = await app.as('dispatcher')
    const before = await limits()
    expect(before.length).toBeGreaterThan(0)
    await unlock(who, dispatcher)
    expect(await limits()).toEqual(before)
    expect((await attempt(other, password)).status).toBe(429)
  })

  test('two at once are one event', async () => {
    const who = await worker()
    await fail(who, 5)
    const dispatcher = await app.as('dispatcher')
    const _csrf = await dispatcher.token('/fieldworkers')
    const path = `/users/${who.id}/unlock`
    const answers = await Promise.all([1, 2, 3].map(() => dispatcher.postBare(path, { _csrf })))
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303])
    expect(await events(who)).toHaveLength(1)
  })

  test('is refused to a dispatcher of another team, to a fieldworker, and over one’s own account', async () => {
    const other = await worker({ team: 'Harbour' })
    await fail(other, 5)
    const dispatcher = await app.as('dispatcher')
    expect((await unlock(other, dispatcher)).status).toBe(403)
    const sam = await app.as('sam')
    expect((await unlock(other, sam, '/account')).status).toBe(403)
    expect((await unlock(app.cast.dispatcher, dispatcher)).status).toBe(403)
    expect(await events(other)).toEqual([])
    await run(app.db, sql`update password_failures set open_at = now() + interval '1 hour'`)
    expect((await attempt(other, password)).status).toBe(429)
  })

  test('is refused during impersonation', async () => {
    const who = await worker()
    await fail(who, 5)
    await run(app.db, sql`update password_failures set open_at = now() + interval '1 hour'`)
    const admin = await app.as('admin')
    const { id } = app.cast.dispatcher
    const page = `/users/${id}/impersonation`
    expect((await admin.post(page, { reason: 'To see what they see' })).status).toBe(303)
    const profile = await admin.get(`/fieldworkers/${who.id}`)
    expect(textOf(profile.text)).toContain('Locked out until')
    expect(profile.text).not.toContain(`/users/${who.id}/unlock`)
    expect((await unlock(who, admin, '/account')).status).toBe(403)
    expect(await events(who)).toEqual([])
    expect((await attempt(who, password)).status).toBe(429)
  })

  test('asks for the password if it was entered more than half an hour ago', async () => {
    const who = await worker()
    await fail(who, 5)
    const dispatcher = await app.as('dispatcher')
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '31 minutes' where user_id = ${app.cast.dispatcher.id}`,
    )
    const answer = await unlock(who, dispatcher)
    expect(answer.headers.location).toContain('/confirm-password')
    expect(await events(who)).toEqual([])
  })
})
