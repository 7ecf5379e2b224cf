import { describe, expect, test } from 'vitest'
import { run, sql } from '../../src/foundation/db.ts'
import { testHouse } from '../support/house.ts'
import { logged, password, type Somebody } from '../support/people.ts'
import { words } from '../support/visitor.ts'

const house = testHouse()
const good = 'violin trunk harvest 58 otter'
const choice = { newPassword: good, confirmPassword: good }
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1'
const somebody = () => house.add({ name: 'Jonas Adler', role: 'Fieldworker', team: 'North' })
const onPhone = (who: Somebody, typed = password) => house.visitor(iphone).signIn(who.email, typed)

describe('the phone surface', () => {
  test('is where a fieldworker with a phone lands, and nobody else', async () => {
    expect((await (await onPhone(await somebody())).get('/')).headers.location).toBe('/m')
    expect((await (await house.signIn(await somebody())).get('/')).headers.location).toBe('/account')
    expect((await (await onPhone(house.cast.admin)).get('/')).headers.location).toBe('/fieldworkers')
  })

  test('greets, and leads to everything one’s own', async () => {
    const { text } = await (await onPhone(await somebody())).get('/m')
    expect(words(text)).toMatch(/Good (morning|afternoon|evening), Jonas/)
    for (const place of ['/m/password', '/account', '/account/sessions', '/account/activity', '/sign-out'])
      expect(text).toContain(`"${place}"`)
  })

  test('shows the own pages in its own frame', async () => {
    const visitor = await onPhone(await somebody())
    for (const place of ['/account', '/account/sessions', '/account/activity', '/account/email'])
      expect((await visitor.get(place)).text).toMatch(/<body class="m"[ >]/)
  })

  test('can be installed, and keeps no private page', async () => {
    const manifest = await house.visitor().get('/manifest.webmanifest')
    expect(JSON.parse(manifest.text)).toMatchObject({ start_url: '/m', display: 'standalone' })
    for (const { src } of (JSON.parse(manifest.text) as { icons: { src: string }[] }).icons)
      expect((await house.visitor().get(src)).headers['content-type']).toBe('image/png')
    const worker = (await house.visitor().get('/sw.js')).text
    expect(worker).toContain('/offline.html')
    expect(worker).not.toMatch(/['"]\/(m|account|fieldworkers)\b/)
  })
})

describe('Change password on the phone', () => {
  test('asks for no old one, ends other sessions, keeps this one, and is recorded as mobile', async () => {
    const me = await somebody()
    const [phone, desk] = [await onPhone(me), await house.signIn(me)]
    const form = (await phone.get('/m/password')).text
    expect(form).not.toContain('currentPassword')
    const before = phone.sessionCookie()
    const answer = await phone.post('/m/password', choice)
    expect([answer.status, answer.headers.location]).toEqual([303, '/m'])
    expect(words((await phone.get('/m')).text)).toContain('Your password is changed')
    expect(phone.sessionCookie()).not.toBe(before)
    expect((await desk.get('/account')).status).toBe(303)
    expect(await logged(house.db, me, 'password_change')).toMatchObject([
      { method: 'mobile', actor_id: me.id },
    ])
    expect(
      (await house.lettersTo(me)).find(({ template }) => template === 'password_changed')?.text,
    ).toContain('Safari, iOS')
  })

  test('asks for the password first when it was entered more than fifteen minutes ago, and comes back', async () => {
    const me = await somebody()
    const phone = await onPhone(me)
    const _csrf = await phone.token('/m/password')
    await run(
      house.db,
      sql`update sessions set password_proven_at = now() - interval '15 minutes 1 second' where user_id = ${me.id}`,
    )
    const step = '/confirm-password?next=%2Fm%2Fpassword'
    expect((await phone.get('/m/password')).headers.location).toBe(step)
    expect((await phone.postBare('/m/password', { _csrf, ...choice })).headers.location).toBe(step)
    expect(await logged(house.db, me, 'password_change')).toEqual([])
    const proven = await phone.post('/confirm-password', { password, next: '/m/password' }, step)
    expect(proven.headers.location).toBe('/m/password')
    expect((await phone.post('/m/password', choice)).headers.location).toBe('/m')
  })

  test.each([
    ['short', { newPassword: 'short' }, 'this has 5'],
    ['a mismatch', { confirmPassword: 'another one entirely' }, 'This is not the same'],
    ['the same again', { newPassword: password, confirmPassword: password }, 'in use now'],
  ])('%s: 422 with words', async (_, fields, message) => {
    const answer = await (await onPhone(await somebody())).post('/m/password', { ...choice, ...fields })
    expect([answer.status, words(answer.text)]).toEqual([422, expect.stringContaining(message)])
  })

  test('replaces a temporary one: the phone opens nothing else', async () => {
    const me = await somebody()
    await (await house.as('admin')).post(`/users/${me.id}/password`, { ...choice, mustChange: '1' })
    const phone = await onPhone(me, good)
    for (const place of ['/m', '/account', '/account/sessions'])
      expect((await phone.get(place)).headers.location).toBe('/m/password')
    expect((await phone.post('/m/password', choice)).status).toBe(422)
    const own = 'lantern violet spruce 44'
    expect(
      (await phone.post('/m/password', { newPassword: own, confirmPassword: own })).headers.location,
    ).toBe('/m')
    expect((await logged(house.db, me, 'password_change')).map(({ method }) => method)).toEqual([
      'admin',
      'forced',
    ])
  })
})

test('password managers are led to the change', async () => {
  const answer = await house.visitor().get('/.well-known/change-password')
  expect([answer.status, answer.headers.location]).toEqual([302, '/account/password'])
})
