import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp } from '../support/browser.ts'
import {
  assertOpensOnly,
  change,
  changePasswordPath,
  choose,
  heading,
  home,
  openChangePassword,
  openEmailLink,
  seats,
  signedIn,
  statusText,
  unverify,
  workerAt,
} from './own-steps.ts'

const app = createBrowserTestApp()
const own = 'copper lemon bicycle 7'

describe.each(seats)('$seat, a person whose email is not verified', (seat) => {
  test('verifies it before the change, and then returns to it', async () => {
    const me = workerAt(seat, [2, 5, 6, 7])
    await unverify(app, me)
    const here = await signedIn(app, seat, me)
    await openChangePassword(here, seat, me)
    expect(await heading(here)).toBe('Verify your email first')
    await here.assertFine()
    expect(await here.send('Email me the link')).toBe(303)
    expect(here.place).toBe(changePasswordPath(seat))
    expect(await statusText(here)).toContain('A link is on its way')
    await here.assertFine()

    expect(await openEmailLink(app, here, me.email, 'email_verification')).toBe(200)
    expect(await heading(here)).toBe('Confirm your email')
    await here.assertFine()
    expect(await openEmailLink(app, here, me.email, 'email_verification')).toBe(200)
    expect(await here.send('Confirm')).toBe(303)
    expect(here.place).toBe(changePasswordPath(seat))
    expect(await statusText(here)).toContain('Your email is confirmed')
    await here.assertFine()
    expect(await change(here, seat, own)).toBe(303)
    expect(here.place).toBe(home(seat))
    await assertOpensOnly(app, seat, me, own)
  })

  test('can select Confirm on another device, which asks to sign in, and both continue to the change', async () => {
    const me = workerAt(seat, [8, 9, 16, 17])
    await unverify(app, me)
    const here = await signedIn(app, seat, me)
    await openChangePassword(here, seat, me)
    await here.send('Email me the link')

    const other = await app.person(seat)
    await openEmailLink(app, other, me.email, 'email_verification')
    await other.send('Confirm')
    expect(other.place).toBe(`/sign-in?next=${encodeURIComponent(changePasswordPath(seat))}`)
    await other.assertFine()
    await other.fill({ Email: me.email, Password: password })
    await other.send('Sign in')
    expect(other.place).toBe(changePasswordPath(seat))

    await here.link('Go on here').click()
    expect(await change(here, seat, own)).toBe(303)
  })

  test('who forgot the password, continues from Confirm to choosing a new one', async () => {
    const me = workerAt(seat, [18, 19, 20, 22])
    await unverify(app, me)
    const here = await app.person(seat)
    await here.goTo('/sign-in')
    await here.link('Forgot your password?').click()
    await here.fill({ Email: me.email })
    await here.send('Reset')
    await openEmailLink(app, here, me.email, 'email_verification')
    await here.send('Confirm')
    expect(here.place).toBe('/reset-password')
    expect(await statusText(here)).toContain('Your email is confirmed')
    await here.assertFine()
    expect(await choose(here, own)).toBe(303)
    expect(here.place).toBe('/sign-in')

    await here.fill({ Email: me.email, Password: own })
    await here.send('Sign in')
    await openChangePassword(here, seat, me)
    expect(await here.field('New password').count()).toBe(1)
  })
})
