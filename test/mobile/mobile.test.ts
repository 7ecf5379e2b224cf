import { describe, expect, test } from 'vitest'
import { run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { activityFor, password, type TestUser } from '../support/people.ts'
import { textOf } from '../support/http-client.ts'

const app = createTestApp()
const good = 'violin trunk harvest 58 otter'
const choice = { newPassword: good, confirmPassword: good }
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'
const fieldworker = () => app.createUser({ name: 'Jonas Adler', role: 'Fieldworker', team: 'North' })
const onPhone = (who: TestUser, typed = password) => app.client(iphone).signIn(who.email, typed)

describe('the mobile pages', () => {
  test('are the home page of fieldworkers with a phone, and of no one else', async () => {
    expect((await (await onPhone(await fieldworker())).get('/')).headers.location).toBe('/m')
    expect((await (await app.signIn(await fieldworker())).get('/')).headers.location).toBe('/account')
    expect((await (await onPhone(app.cast.admin)).get('/')).headers.location).toBe('/today')
  })

  test('greet the person, and link to all own pages', async () => {
    const { text } = await (await onPhone(await fieldworker())).get('/m')
    expect(textOf(text)).toMatch(/Good (morning|afternoon|evening), Jonas/)
    for (const place of ['/m/password', '/account', '/account/sessions', '/account/activity', '/sign-out'])
      expect(text).toContain(`"${place}"`)
  })

  test('show the own pages in the mobile layout', async () => {
    const client = await onPhone(await fieldworker())
    for (const place of ['/account', '/account/sessions', '/account/activity', '/account/email'])
      expect((await client.get(place)).text).toMatch(/<body class="m"[ >]/)
  })

  test('can be installed, and cache no private page', async () => {
    const manifest = await app.client().get('/manifest.webmanifest')
    expect(JSON.parse(manifest.text)).toMatchObject({ start_url: '/m', display: 'standalone' })
    for (const { src } of (JSON.parse(manifest.text) as { icons: { src: string }[] }).icons)
      expect((await app.client().get(src)).headers['content-type']).toBe('image/png')
    const worker = (await app.client().get('/sw.js')).text
    expect(worker).toContain('/offline.html')
    expect(worker).not.toMatch(/['"]\/(m|account|fieldworkers)\b/)
  })
})

describe('Change password on mobile', () => {
  test('does not ask for the old one, ends other sessions, keeps this one, and is recorded as mobile', async () => {
    const me = await fieldworker()
    const [phone, desk] = [await onPhone(me), await app.signIn(me)]
    const form = (await phone.get('/m/password')).text
    expect(form).not.toContain('currentPassword')
    const before = phone.sessionCookie()
    const answer = await phone.post('/m/password', choice)
    expect([answer.status, answer.headers.location]).toEqual([303, '/m'])
    expect(textOf((await phone.get('/m')).text)).toContain('Your password is changed')
    expect(phone.sessionCookie()).not.toBe(before)
    expect((await desk.get('/account')).status).toBe(303)
    expect(await activityFor(app.db, me, 'password_change')).toMatchObject([
      { method: 'mobile', actor_id: me.id },
    ])
    expect((await app.emailsTo(me)).find(({ template }) => template === 'password_changed')?.text).toContain(
      'Safari, iOS',
    )
  })

  test('asks for the password first when it was entered more than 15 minutes ago, and returns', async () => {
    const me = await fieldworker()
    const phone = await onPhone(me)
    const _csrf = await phone.token('/m/password')
    await run(
      app.db,
      sql`update sessions set reauthenticated_at = now() - interval '15 minutes 1 second' where user_id = ${me.id}`,
    )
    const step = '/confirm-password?next=%2Fm%2Fpassword'
    expect((await phone.get('/m/password')).headers.location).toBe(step)
    expect((await phone.postBare('/m/password', { _csrf, ...choice })).headers.location).toBe(step)
    expect(await activityFor(app.db, me, 'password_change')).toEqual([])
    const confirmed = await phone.post('/confirm-password', { password, next: '/m/password' }, step)
    expect(confirmed.headers.location).toBe('/m/password')
    expect((await phone.post('/m/password', choice)).headers.location).toBe('/m')
  })

  test.each([
    ['short', { newPassword: 'short' }, 'this has 5'],
    ['a mismatch', { confirmPassword: 'another one entirely' }, 'The passwords don’t match'],
    ['the same again', { newPassword: password, confirmPassword: password }, 'is the current password'],
  ])('%s: 422 with an error', async (_, fields, message) => {
    const answer = await (await onPhone(await fieldworker())).post('/m/password', { ...choice, ...fields })
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining(message)])
  })

  test('replaces a temporary one: no other mobile page opens', async () => {
    const me = await fieldworker()
    await (await app.as('admin')).post(`/users/${me.id}/password`, { ...choice, mustChange: '1' })
    const phone = await onPhone(me, good)
    for (const place of ['/m', '/account', '/account/sessions'])
      expect((await phone.get(place)).headers.location).toBe('/m/password')
    expect((await phone.post('/m/password', choice)).status).toBe(422)
    const own = 'lantern violet spruce 44'
    expect(
      (await phone.post('/m/password', { newPassword: own, confirmPassword: own })).headers.location,
    ).toBe('/m')
    expect((await activityFor(app.db, me, 'password_change')).map(({ method }) => method)).toEqual([
      'admin',
      'forced',
    ])
  })
})

test('password managers are redirected to the page that changes it', async () => {
  const answer = await app.client().get('/.well-known/change-password')
  expect([answer.status, answer.headers.location]).toEqual([302, '/account/password'])
})
