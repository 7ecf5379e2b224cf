import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { administer } from '../support/test-server.ts'
import {
  assertOpensOnly,
  assertOut,
  choose,
  heading,
  home,
  linkIn,
  openEmailLink,
  seats,
  signedIn,
  statusText,
  workerAt,
} from './own-steps.ts'
import { fieldError } from './steps.ts'

const app = createBrowserTestApp()
const own = 'copper lemon bicycle 7'

describe.each(seats)('$seat', (seat) => {
  test('a person replaces a forgotten password with an emailed link, starting from the sign-in page', async () => {
    const me = workerAt(seat, [5, 6, 7, 8])
    const elsewhere = await signedIn(app, seat, me)
    const here = await app.person(seat)
    await here.goTo('/forgot-password')
    await here.assertFine()
    await ask(here, me.email)
    await here.assertFine()
    await openEmailLink(app, here, me.email, 'password_reset')
    expect(here.place).toBe('/reset-password') // the address bar does not show the token
    expect(await heading(here)).toBe('Choose a new password')
    await here.assertFine()
    expect(await choose(here, 'short')).toBe(422)
    expect(await fieldError(here, 'New password')).toContain('Use at least 12 characters; this has 5')
    await here.assertFine()
    expect(await choose(here, own)).toBe(303)
    expect(here.place).toBe('/sign-in')
    expect(await statusText(here)).toMatch(/Your password is changed\s+All devices are signed out/)
    await here.assertFine()

    await assertOut(elsewhere)
    await here.fill({ Email: me.email, Password: own })
    await here.send('Sign in')
    expect(here.place).toBe(home(seat))
    await assertOpensOnly(app, seat, me, own)

    const late = await app.person(seat)
    expect(await openEmailLink(app, late, me.email, 'password_reset')).toBe(410)
    await late.page.getByText('Each link works once').waitFor()
    await late.assertFine()
  })

  test('an expired link says so, and one click sends another', async () => {
    const me = workerAt(seat, [9, 16, 17, 18])
    const here = await app.person(seat)
    await ask(here, me.email)
    const first = await linkIn(app, me.email, 'password_reset')
    await letAnHourGoBy()
    expect(await here.goTo(first)).toBe(410)
    expect(await heading(here)).toBe('This link no longer works')
    await here.page.getByText('It expired').waitFor()
    await here.assertFine()
    await here.send('Email me a new link')
    expect(here.place).toBe('/forgot-password/sent')
    expect(await here.page.content()).not.toContain(me.email) // a person who found the link does not learn the address
    await expect.poll(() => linkIn(app, me.email, 'password_reset'), { timeout: 15_000 }).not.toBe(first)
    await openEmailLink(app, here, me.email, 'password_reset')
    expect(await choose(here, own)).toBe(303)
    await assertOpensOnly(app, seat, me, own)
  })
})

test('an unknown address gets the same answer as a fieldworker, and no email', async () => {
  const [me, nobody] = ['worker40@demo.test', 'ghost40@demo.test']
  const answers = []
  for (const email of [me, nobody]) {
    const person = await app.person()
    await ask(person, email)
    answers.push((await person.page.locator('main').innerText()).replace(email, ''))
  }
  expect(answers[1]).toBe(answers[0])
  await app.emailTo(me, 'password_reset')
  expect(await app.emailsTo(nobody)).toEqual([])
})

test('an invalid address gets an error next to its field', async () => {
  const person = await app.person()
  await person.goTo('/forgot-password')
  await person.fill({ Email: 'grace' })
  expect(await person.send('Reset')).toBe(422)
  expect(await fieldError(person, 'Email')).not.toBe('')
  await person.assertFine()
})

async function ask(person: Person, email: string) {
  await person.goTo('/sign-in')
  await person.link('Forgot your password?').click()
  await person.fill({ Email: email })
  expect(await person.send('Reset')).toBe(303)
  expect(person.place).toBe('/forgot-password/sent')
  expect(await heading(person)).toBe('Check your email')
}

async function letAnHourGoBy() {
  await administer(app.database, `update links set expires_at = now() - interval '1 minute'`)
  await administer(app.database, `delete from rate_limits`)
}
