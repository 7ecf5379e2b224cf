import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp } from '../support/browser.ts'
import {
  assertOpensOnly,
  assertOut,
  change,
  desks,
  openChangePassword,
  sessionId,
  signedIn,
  statusText,
  workerAt,
} from './own-steps.ts'
import { fieldError } from './steps.ts'

const app = createBrowserTestApp()
const own = 'copper lemon bicycle 7'

describe.each(desks)('$seat', (seat) => {
  test('a fieldworker changes their password from the menu under their name, and is signed out everywhere else', async () => {
    const me = workerAt(seat, [5, 6, 0, 0])
    const [here, elsewhere] = [await signedIn(app, seat, me), await signedIn(app, seat, me)]
    const before = await sessionId(here)
    await openChangePassword(here, seat, me)
    expect(here.place).toBe('/account/password')
    await here.assertFine()

    expect(await change(here, seat, own)).toBe(303)
    expect(here.place).toBe('/account')
    expect(await statusText(here)).toMatch(/Your password is changed\s+All your other devices are signed out/)
    await here.assertFine()
    expect(await sessionId(here)).not.toBe(before)
    await assertOut(elsewhere)
    await assertOpensOnly(app, seat, me, own)
    expect(await here.goTo('/account/password')).toBe(200)

    const { subject, link, text, html } = await app.emailTo(me.email, 'password_changed')
    expect([subject, link]).toEqual(['You changed your password', null])
    for (const secret of [password, own]) expect(text + html).not.toContain(secret)
  })

  test('a wrong old password and a short new one show errors next to their fields', async () => {
    const me = workerAt(seat, [7, 8, 0, 0])
    const [here, elsewhere] = [await signedIn(app, seat, me), await signedIn(app, seat, me)]
    await openChangePassword(here, seat, me)
    expect(await change(here, seat, own, 'wrong')).toBe(422)
    expect(await fieldError(here, 'Old password')).toContain('That isn’t your current password')
    await here.assertFine()
    expect(await change(here, seat, 'short')).toBe(422)
    expect(await fieldError(here, 'New password')).toContain('Use at least 12 characters; this has 5')
    await here.assertFine()
    expect(await elsewhere.goTo('/account')).toBe(200)
    expect(elsewhere.place).toBe('/account')
    expect(await app.emailsTo(me.email)).not.toContainEqual(
      expect.objectContaining({ subject: 'You changed your password' }),
    )
  })
})

test('a password manager that opens the change page gets the sign-in page first, then the change', async () => {
  const person = await app.person()
  await person.goTo('/.well-known/change-password')
  expect(person.place).toBe('/sign-in?next=%2Faccount%2Fpassword')
  await person.fill({ Email: 'worker9@demo.test', Password: password })
  await person.send('Sign in')
  expect(person.place).toBe('/account/password')
})

test('the page praises no password that the server refuses', async () => {
  const person = await app.person()
  await person.signIn('worker10@demo.test')
  await person.goTo('/account/password')
  const line = person.page.locator('[data-strength-for=newPassword]')
  for (const refused of ['password1234', 'correcthorsebatterystaple', 'abcabcabcabcabc']) {
    await person.fill({ 'New password': refused })
    await line.getByText(`${refused.length} characters`).waitFor()
    expect(await line.innerText()).not.toMatch(/good|strong|great/i)
  }
})
