import { expect } from 'vitest'
import { password, type Person, type BrowserTestApp } from '../support/browser.ts'
import { administer } from '../support/test-server.ts'
import { worker, type Worker } from './steps.ts'

/** Where a fieldworker uses their own account. */
export interface Seat {
  seat: string
  at: number
  phone: boolean
  script: boolean
}

export const seats: Seat[] = [
  { seat: 'at the desk', at: 0, phone: false, script: true },
  { seat: 'at the desk without script', at: 1, phone: false, script: false },
  { seat: 'on the phone', at: 2, phone: true, script: true },
  { seat: 'on the phone without script', at: 3, phone: true, script: false },
]
export const desks = seats.filter(({ phone }) => !phone)
export const phones = seats.filter(({ phone }) => phone)

/** A different worker for each seat, so that tests do not affect each other. */
export const workerAt = ({ at }: Seat, numbers: [number, number, number, number]) => worker(numbers[at] ?? 0)

export const home = ({ phone }: Seat) => (phone ? '/m' : '/account')
export const changePasswordPath = ({ phone }: Seat) => (phone ? '/m/password' : '/account/password')

export async function signedIn(
  app: BrowserTestApp,
  seat: Seat,
  { email }: Worker,
  typed = password,
): Promise<Person> {
  const person = await app.person(seat)
  expect(await person.signIn(email, typed)).toBe(303)
  expect(person.place).toBe(home(seat))
  return person
}

/** Under the own name at the desk, under ☰ on the phone. */
export async function openMenu(person: Person, { phone }: Seat, { name }: Worker) {
  await (phone ? person.page.locator('summary', { hasText: 'Menu' }) : person.button(name)).click()
}

export async function openMenuItem(person: Person, seat: Seat, who: Worker, item: string) {
  await openMenu(person, seat, who)
  await person.page.locator('.menu, .m-menu').getByRole('link', { name: item, exact: true }).click()
}

export const openChangePassword = (person: Person, seat: Seat, who: Worker) =>
  openMenuItem(person, seat, who, seat.phone ? 'Change password' : 'Change my password')

/** Fills in and submits the change page. The phone does not ask for the old password. */
export async function change(person: Person, { phone }: Seat, own: string, old = password): Promise<number> {
  if (!phone) await person.fill({ 'Old password': old })
  await person.fill({ 'New password': own, 'Confirm new password': own })
  return person.send(phone ? 'Confirm' : 'Save')
}

export async function choose(person: Person, own: string): Promise<number> {
  await person.fill({ 'New password': own, 'Confirm new password': own })
  return person.send('Save')
}

/** The status message of the page. */
export const statusText = (person: Person): Promise<string> =>
  person.page.getByRole('status').filter({ hasText: /\S/ }).first().innerText()

export const heading = (person: Person): Promise<string> =>
  person.page.getByRole('heading', { level: 1 }).innerText()

/** Opens the link in the newest email of a template, in the browser of the person who reads it. */
export async function openEmailLink(
  app: BrowserTestApp,
  person: Person,
  email: string,
  template: string,
): Promise<number> {
  return person.goTo(await linkIn(app, email, template))
}

export async function linkIn(app: BrowserTestApp, email: string, template: string): Promise<string> {
  const { link } = await app.emailTo(email, template)
  return new URL(link ?? '').pathname
}

/** Only the new password opens the account. */
export async function assertOpensOnly(
  app: BrowserTestApp,
  seat: Seat,
  who: Worker,
  own: string,
  old = password,
) {
  const person = await app.person(seat)
  expect(await person.signIn(who.email, old)).toBe(422)
  expect(await person.signIn(who.email, own)).toBe(303)
  expect(person.place).toBe(home(seat))
}

export async function assertOut(person: Person) {
  await person.goTo('/account')
  expect(person.place).toBe('/sign-in?next=%2Faccount')
}

export const sessionId = async ({ context }: Person) =>
  (await context.cookies()).find(({ name }) => name === 'sid')?.value

/** Makes the last password entry this number of minutes older. */
export const ageReauthentication = (app: BrowserTestApp, { email }: Worker, minutes: number) =>
  administer(
    app.database,
    `update sessions set reauthenticated_at = reauthenticated_at - interval '${minutes} minutes'
     where user_id = (select id from users where email = '${email}')`,
  )

export const unverify = (app: BrowserTestApp, { email }: Worker) =>
  administer(app.database, `update users set email_verified_at = null where email = '${email}'`)
