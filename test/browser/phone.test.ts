import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp } from '../support/browser.ts'
import {
  ageReauthentication,
  assertOpensOnly,
  assertOut,
  change,
  heading,
  openChangePassword,
  openMenu,
  openMenuItem,
  phones,
  sessionId,
  signedIn,
  statusText,
  workerAt,
} from './own-steps.ts'
import { fieldError } from './steps.ts'

const app = createBrowserTestApp()
const own = 'copper lemon bicycle 7'

describe.each(phones)('$seat', (seat) => {
  test('a fieldworker starts on /m and changes their password from ☰ Menu', async () => {
    const me = workerAt(seat, [0, 0, 5, 6])
    const [here, elsewhere] = [await signedIn(app, seat, me), await signedIn(app, seat, me)]
    const before = await sessionId(here)
    await here.assertFine()
    await openMenu(here, seat, me)
    await here.assertFine()
    await here.link('Change password').click()
    expect(here.place).toBe('/m/password')
    expect(await here.field('Old password').count()).toBe(0)
    await here.assertFine()

    expect(await change(here, seat, 'short')).toBe(422)
    expect(await fieldError(here, 'New password')).toContain('Use at least 12 characters; this has 5')
    await here.assertFine()
    expect(await change(here, seat, own)).toBe(303)
    expect(here.place).toBe('/m')
    expect(await statusText(here)).toMatch(/Your password is changed\s+All your other devices are signed out/)
    await here.assertFine()
    expect(await sessionId(here)).not.toBe(before)
    await assertOut(elsewhere)
    await assertOpensOnly(app, seat, me, own)
    await app.emailTo(me.email, 'password_changed')
  })

  test('fifteen minutes after the password was entered, the page asks for it again first', async () => {
    const me = workerAt(seat, [0, 0, 7, 8])
    const here = await signedIn(app, seat, me)
    await ageReauthentication(app, me, 16)
    await openChangePassword(here, seat, me)
    expect(here.place).toBe('/confirm-password?next=%2Fm%2Fpassword')
    await here.assertFine()
    await here.fill({ 'Your password': 'wrong' })
    expect(await here.send('Continue')).toBe(422)
    expect(await fieldError(here, 'Your password')).toContain('That isn’t your password')
    await here.assertFine()
    await here.fill({ 'Your password': password })
    expect(await here.send('Continue')).toBe(303)
    expect(here.place).toBe('/m/password')
    expect(await change(here, seat, own)).toBe(303)
    expect(here.place).toBe('/m')
  })

  test('a form that was open longer than that changes nothing before the password is entered again', async () => {
    const me = workerAt(seat, [0, 0, 9, 16])
    const here = await signedIn(app, seat, me)
    await openChangePassword(here, seat, me)
    await ageReauthentication(app, me, 16)
    await here.fill({ 'New password': own, 'Confirm new password': own })
    await here.button('Confirm').click()
    if (seat.script === false) await here.page.waitForURL('**/confirm-password?next=%2Fm%2Fpassword')
    else await here.page.getByRole('dialog', { name: 'Enter your password to go on' }).waitFor()
    const other = await app.person(seat)
    expect(await other.signIn(me.email, own)).toBe(422)
  })

  test('all pages of the own account are in ☰ Menu, Sign out too', async () => {
    const me = workerAt(seat, [0, 0, 17, 18])
    const here = await signedIn(app, seat, me)
    const pages = {
      Devices: 'Devices',
      Activity: 'Your activity',
      'My account': 'My account',
      Home: /^Good /,
    }
    for (const [item, title] of Object.entries(pages)) {
      await openMenuItem(here, seat, me, item)
      expect(await heading(here)).toMatch(title)
      await here.assertFine()
    }
    await openMenu(here, seat, me)
    await here.send('Sign out')
    expect(here.place).toBe('/sign-in')
    await assertOut(here)
  })
})
