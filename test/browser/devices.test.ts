import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp, type Person } from '../support/browser.ts'
import {
  assertOut,
  heading,
  home,
  openMenuItem,
  seats,
  signedIn,
  statusText,
  workerAt,
  type Seat,
} from './own-steps.ts'

const app = createBrowserTestApp()
const day = 24 * 60 * 60

describe.each(seats)('$seat', (seat) => {
  test('a remembered device stays signed in for 30 days, even when its browser is closed', async () => {
    const me = workerAt(seat, [5, 6, 7, 8])
    const here = await app.person(seat)
    await here.goTo('/sign-in')
    await here.fill({ Email: me.email, Password: password })
    await here.page.getByRole('checkbox', { name: 'Remember me on this device' }).check()
    await here.send('Sign in')
    const left = ((await sessionRow(here))?.expires ?? 0) - Date.now() / 1000
    expect(left).toBeGreaterThan(29.9 * day)
    expect(left).toBeLessThanOrEqual(30 * day + 60) // two clocks

    const again = await closeAndOpen(here, seat)
    await again.goTo('/')
    expect(again.place).toBe(home(seat))
    await openMenuItem(again, seat, me, 'Devices')
    await again.page.getByText('Remembered: stays signed in until').waitFor()
    await again.assertFine()
  })

  test('a device that is not remembered is signed out when its browser is closed', async () => {
    const here = await signedIn(app, seat, workerAt(seat, [9, 16, 17, 18]))
    expect((await sessionRow(here))?.expires).toBe(-1)
    await assertOut(await closeAndOpen(here, seat))
  })

  test('each device is listed and can be signed out, alone or all others at once', async () => {
    const me = workerAt(seat, [19, 20, 22, 24])
    const [here, first, second, third] = [
      await signedIn(app, seat, me),
      await signedIn(app, seat, me),
      await signedIn(app, seat, me),
      await signedIn(app, seat, me),
    ]
    await openMenuItem(here, seat, me, 'Devices')
    expect(await heading(here)).toBe('Devices')
    expect(await list(here).count()).toBe(4)
    expect(await list(here).filter({ hasText: 'This device' }).getByRole('button').count()).toBe(0)
    await here.assertFine()

    await endFirst(here)
    expect(await statusText(here)).toContain('That device is signed out')
    expect(await list(here).count()).toBe(3)
    expect(await stillIn([first, second, third])).toBe(2)
    await here.send('Sign out all others')
    expect(await statusText(here)).toMatch(/All others are signed out\s+2 devices were signed out/)
    expect(await list(here).count()).toBe(1)
    await here.assertFine()
    expect(await stillIn([first, second, third])).toBe(0)

    await openMenuItem(here, seat, me, 'Activity')
    const activity = await here.page.locator('main').innerText()
    for (const action of ['signed in', 'signed 1 device out', 'signed 2 devices out'])
      expect(activity).toContain(`${me.name} ${action}`)
    await here.assertFine()
  })

  test('a sign-in with a new browser sends an email', async () => {
    const me = workerAt(seat, [26, 36, 40, 2])
    await signedIn(app, seat, me)
    expect(await app.emailsTo(me.email)).toEqual([]) // the first sign-in has nothing to compare with
    await signedIn(app, seat, me)
    const { link, text } = await app.emailTo(me.email, 'new_device')
    expect(link).toBeNull()
    expect(text).toContain(seat.phone ? 'Chrome, Android' : 'Linux')
  })
})

const sessionRow = async ({ context }: Person) => (await context.cookies()).find(({ name }) => name === 'sid')

/** Closing a browser keeps the cookies that have an expiry. */
async function closeAndOpen({ context }: Person, seat: Seat): Promise<Person> {
  const kept = (await context.cookies()).filter(({ expires }) => expires > 0)
  const again = await app.person(seat)
  await again.context.addCookies(kept)
  return again
}

const list = ({ page }: Person) => page.locator('.devices > li')

async function endFirst({ page }: Person) {
  const answer = page.waitForResponse((response) => response.request().method() === 'POST')
  await list({ page } as Person)
    .getByRole('button', { name: /^Sign out of / })
    .first()
    .click()
  await answer
  await page.waitForLoadState()
}

async function stillIn(people: Person[]): Promise<number> {
  const places = []
  for (const person of people) {
    await person.goTo('/account')
    places.push(person.place)
  }
  return places.filter((place) => place === '/account').length
}
