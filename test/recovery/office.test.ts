import { beforeEach, describe, expect, test } from 'vitest'
import { run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'
import { logged } from '../support/people.ts'
import { words } from '../support/visitor.ts'

const house = testHouse()
beforeEach(() => run(house.db, sql`delete from rate_limits`))
const worker = (more = {}) => house.add({ name: 'Wilma Worker', role: 'Fieldworker', team: 'North', ...more })
const places = ['/fieldworkers?q=wilma', '/fieldworkers/ID', '/settings/company/users?q=wilma']

describe('from the ⋯ menu of all three places', () => {
  test.each(places)('%s: send a reset link, and be back there', async (place) => {
    const who = await worker()
    const admin = await house.as('admin')
    const here = place.replace('ID', who.id)
    expect((await admin.get(here)).text).toContain(`formaction="/users/${who.id}/password-reset"`)
    const answer = await admin.post(`/users/${who.id}/password-reset`, { returnTo: here }, here)
    expect([answer.status, answer.headers.location]).toEqual([303, here])
    expect(words((await admin.get(here)).text)).toContain('Reset link sent to Wilma Worker')
    await house.work()
    const [letter] = await house.lettersTo(who)
    expect(letter).toMatchObject({ template: 'password_reset' })
    expect((await house.visitor().get(new URL(letter?.link ?? '').pathname)).headers.location).toBe(
      '/reset-password',
    )
    expect(answer.text).not.toContain(letter?.link?.split('/').at(-1))
    expect(await logged(house.db, who)).toMatchObject([
      { event: 'password_reset_requested', actor_id: house.cast.admin.id },
      { event: 'password_reset_sent', actor_id: house.cast.admin.id },
    ])
  })

  test('an unverified person gets the verification, which leads on to choosing a password', async () => {
    const who = await worker({ verified: false })
    const admin = await house.as('admin')
    await admin.post(`/users/${who.id}/password-reset`, {}, '/fieldworkers')
    await house.work()
    expect(await house.lettersTo(who)).toMatchObject([{ template: 'email_verification' }])
  })

  test('resend the verification, which is not offered to the verified', async () => {
    const [who, verified] = [await worker({ verified: false }), await worker()]
    const dispatcher = await house.as('dispatcher')
    expect((await dispatcher.get('/fieldworkers?q=wilma')).text).not.toContain(
      `/users/${verified.id}/email-verification`,
    )
    await dispatcher.post(`/users/${who.id}/email-verification`, {}, '/fieldworkers')
    expect(await house.lettersTo(who)).toMatchObject([{ template: 'email_verification' }])
    await dispatcher.post(`/users/${verified.id}/email-verification`, {}, '/fieldworkers')
    expect(await house.lettersTo(verified)).toEqual([])
  })

  test('sign out of all devices', async () => {
    const who = await worker()
    const devices = [await house.signIn(who), await house.signIn(who, true)]
    const dispatcher = await house.as('dispatcher')
    await dispatcher.post(`/users/${who.id}/sessions/end`, {}, '/fieldworkers')
    expect(words((await dispatcher.get('/fieldworkers')).text)).toContain('2 devices were signed out.')
    for (const device of devices) expect((await device.get('/account')).status).toBe(303)
    expect(await logged(house.db, who, 'sessions_ended')).toMatchObject([
      { actor_id: house.cast.dispatcher.id, details: { count: 2 } },
    ])
  })

  test('nothing is sent to somebody who cannot sign in, and the page says what to do', async () => {
    const who = await worker({ status: 'inactive' })
    const admin = await house.as('admin')
    const answer = await admin.post(`/users/${who.id}/password-reset`, {}, '/fieldworkers')
    expect([answer.status, words(answer.text)]).toEqual([
      403,
      expect.stringContaining('Make the account active first.'),
    ])
    expect(await house.lettersTo(who)).toEqual([])
    expect(await logged(house.db, who)).toEqual([])
  })

  test('a password entered half an hour ago is asked for, then one is back where one was', async () => {
    const who = await worker()
    const admin = await house.as('admin')
    await run(
      house.db,
      sql`update sessions set password_proven_at = now() - interval '31 minutes' where user_id = ${house.cast.admin.id}`,
    )
    const answer = await admin.post(
      `/users/${who.id}/password-reset`,
      { returnTo: '/fieldworkers?q=wilma' },
      '/fieldworkers',
    )
    expect(answer.headers.location).toBe(
      `/confirm-password?next=${encodeURIComponent('/fieldworkers?q=wilma')}`,
    )
    expect(await logged(house.db, who)).toEqual([])
  })
})
