import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp, type Person } from '../support/browser.ts'
import {
  assertOut,
  choose,
  heading,
  home,
  openEmailLink,
  openMenuItem,
  seats,
  signedIn,
  statusText,
  workerAt,
  type Seat,
} from './own-steps.ts'
import { fieldError, type Worker } from './steps.ts'

const app = createBrowserTestApp()
const own = 'copper lemon bicycle 7'

describe.each(seats)('$seat', (seat) => {
  test('a person’s address changes after they confirm the new one', async () => {
    const me = workerAt(seat, [5, 6, 7, 8])
    const fresh = `new-${me.email}`
    const here = await signedIn(app, seat, me)
    await openForm(here, seat, me)
    await here.assertFine()
    expect(await ask(here, fresh, 'wrong')).toBe(422)
    expect(await fieldError(here, 'Your password')).toContain('That isn’t your password')
    await here.assertFine()
    expect(await ask(here, fresh)).toBe(303)
    expect(here.place).toBe('/account')
    expect(await statusText(here)).toContain(`Select the button in the email to ${fresh}`)
    await here.assertFine()
    await here.page.getByRole('definition').filter({ hasText: me.email }).first().waitFor()

    expect(await openEmailLink(app, here, fresh, 'email_change')).toBe(200)
    expect(await heading(here)).toBe('Confirm your new email')
    await here.assertFine()
    await here.send('Confirm')
    expect(here.place).toBe('/account')
    expect(await statusText(here)).toContain(fresh)
    await here.assertFine()
    for (const address of [me.email, fresh]) await app.emailTo(address, 'email_changed')

    const later = await app.person(seat)
    expect(await later.signIn(me.email)).toBe(422)
    expect(await later.signIn(fresh)).toBe(303)
    expect(later.place).toBe(home(seat))
  })

  test('“It was not me” restores the address, signs everyone out and leads to a new password', async () => {
    const me = workerAt(seat, [9, 16, 17, 18])
    const theirs = `thief-${me.email}`
    const thief = await signedIn(app, seat, me)
    await openForm(thief, seat, me)
    await ask(thief, theirs)
    await openEmailLink(app, thief, theirs, 'email_change')
    await thief.send('Confirm')
    expect(await statusText(thief)).toContain(theirs)

    const here = await app.person(seat)
    expect(await openEmailLink(app, here, me.email, 'email_change_notice')).toBe(200)
    expect(await heading(here)).toBe('Wasn’t you?')
    await here.assertFine()
    await here.send('This wasn’t me')
    expect(here.place).toBe('/sign-in')
    expect(await statusText(here)).toContain(`Your account keeps ${me.email}`)
    await here.assertFine()
    await assertOut(thief)
    await openEmailLink(app, here, me.email, 'password_reset')
    expect(await choose(here, own)).toBe(303)
    expect(await here.signIn(me.email, own)).toBe(303)
    expect(here.place).toBe(home(seat))
    expect(await thief.signIn(theirs, password)).toBe(422)
    expect(await thief.signIn(me.email, password)).toBe(422)
  })
})

async function openForm(person: Person, seat: Seat, me: Worker) {
  await openMenuItem(person, seat, me, 'My account')
  await person.link('Change email').click()
  expect(await heading(person)).toBe('Change email')
}

async function ask(person: Person, email: string, typed = password): Promise<number> {
  await person.fill({ 'New email': email, 'Your password': typed })
  return person.send('Email me the link')
}
