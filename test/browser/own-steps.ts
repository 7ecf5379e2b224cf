import { expect } from 'vitest'
import { password, type Person, type BrowserTestApp } from '../support/browser.ts'
import { administer } from '../support/test-server.ts'
import { worker, type Worker } from './steps.ts'

/** Where a fieldworker sits with their own account. */
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

/** A worker for each seat, so that no test meets what another left. */
export const workerAt = ({ at }: Seat, numbers: [number, number, number, number]) => worker(numbers[at] ?? 0)

export const home = ({ phone }: Seat) => (phone ? '/m' : '/account')
export const changePlace = ({ phone }: Seat) => (phone ? '/m/password' : '/account/password')

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

/** Behind the own name at the desk, behind ☰ on the phone. */
export async function openMenu(person: Person, { phone }: Seat, { name }: Worker) {
  await (phone ? person.page.locator('summary', { hasText: 'Menu' }) : person.button(name)).click()
}

export async function openOwn(person: Person, seat: Seat, who: Worker, item: string) {
  await openMenu(person, seat, who)
  await person.page.locator('.menu, .m-menu').getByRole('link', { name: item, exact: true }).click()
}

export const openChange = (person: Person, seat: Seat, who: Worker) =>
  openOwn(person, seat, who, seat.phone ? 'Change password' : 'Change my password')

/** Fills and sends the change page; the phone asks for no old password. */
export async function change(person: Person, { phone }: Seat, own: string, old = password): Promise<number> {
  if (!phone) await person.fill({ 'Old password': old })
  await person.fill({ 'New password': own, 'Confirm new password': own })
  return person.send(phone ? 'Confirm' : 'Save')
}

export async function choose(person: Person, own: string): Promise<number> {
  await person.fill({ 'New password': own, 'Confirm new password': own })
  return person.send('Save')
}

/** What the page says was done. */
export const told = (person: Person): Promise<string> => person.page.getByRole('status').first().innerText()

export const heading = (person: Person): Promise<string> =>
  person.page.getByRole('heading', { level: 1 }).innerText()

/** Opens the link of the newest letter of a kind, in the browser of whoever reads it. */
export async function openLetter(
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

/** Nothing but the new password opens the account. */
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

/** Lets so many minutes go by since somebody entered their password. */
export const age = (app: BrowserTestApp, { email }: Worker, minutes: number) =>
  administer(
    app.database,
    `update sessions set reauthenticated_at = reauthenticated_at - interval '${minutes} minutes'
     where user_id = (select id from users where email = '${email}')`,
  )

export const unverify = (app: BrowserTestApp, { email }: Worker) =>
  administer(app.database, `update users set email_verified_at = null where email = '${email}'`)
