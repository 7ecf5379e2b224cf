import { expect } from 'vitest'
import { password, type Person, type BrowserTestApp } from '../support/browser.ts'

export const sizes = [{ width: 1280 }, { width: 390 }]

export interface Worker {
  name: string
  email: string
}

/** Fieldworkers of the demo company, by their number. */
const names: Record<number, string> = {
  ...{
    2: 'Bas Okonjo',
    5: 'Elif Tanner',
    6: 'Finn Larkin',
    7: 'Grace Abiola',
    8: 'Hugo Marchant',
    9: 'Ines Caldera',
  },
  ...{ 16: 'Priya Raman', 17: 'Quentin Moss', 18: 'Rosa Vidal', 19: 'Sam Field', 20: 'Tova Berg' },
  ...{ 22: 'Vera Kolar', 24: 'Xavier Dumont', 26: 'Zoe Hartmann', 36: 'Jade Nwosu', 40: 'Nora Quist' },
}
export const worker = (number: number): Worker => ({
  name: names[number] ?? '',
  email: `worker${number}@demo.test`,
})

export async function admin(
  app: BrowserTestApp,
  traits: Parameters<BrowserTestApp['person']>[0],
): Promise<Person> {
  const person = await app.person(traits)
  await person.signIn('admin@demo.test')
  expect(person.place).toBe('/today')
  await person.goTo('/fieldworkers')
  return person
}

/** The three places where the office can change a password: each goes there and opens the ⋯ menu. */
export const entryPoints = {
  async 'A, the list of fieldworkers'(person: Person, { name }: Worker) {
    await openPage(person, 'Fieldworkers')
    await person.button(`Actions for ${name}`).click()
  },
  async 'B, the profile'(person: Person, { name }: Worker) {
    await openPage(person, 'Fieldworkers')
    await person.link(name).click()
    await person.button('Actions').click()
  },
  async 'C, the list of users'(person: Person, { name }: Worker) {
    await openPage(person, 'Settings')
    await person.page.getByRole('heading', { name: 'Users', level: 1 }).waitFor()
    await person.button(`Actions for ${name}`).click()
  },
}
export type EntryPoint = keyof typeof entryPoints

/** Through the header, or through ☰ on a narrow screen. */
async function openPage(person: Person, name: string) {
  const menu = person.button('Menu')
  if (await menu.isVisible()) await menu.click()
  await person.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()
}

export async function signOut(person: Person, { name }: Worker) {
  await person.button(name).click()
  await person.send('Sign out')
  expect(person.place).toBe('/sign-in')
}

export async function notice(person: Person): Promise<string> {
  const statusText = person.page.getByRole('status').filter({ hasText: 'assword' })
  await statusText.waitFor()
  return statusText.innerText()
}

/** The error of a field, found the way a screen reader finds it. */
export async function fieldError(person: Person, name: string): Promise<string> {
  const field = person.page.getByLabel(name, { exact: true }).and(person.page.locator('[aria-invalid=true]'))
  await field.waitFor()
  const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
  const statusText = await Promise.all(ids.map((id) => person.page.locator(`[id="${id}"]`).innerText()))
  return statusText.join(' ')
}

/** The email to the worker is in the outbox, on its page and in its JSON, and does not contain the password. */
export async function assertPasswordChangedEmail(
  app: BrowserTestApp,
  person: Person,
  { email }: Worker,
  secret: string,
) {
  await expect.poll(() => app.emailsTo(email), { timeout: 5000 }).toHaveLength(1)
  const [message] = await app.emailsTo(email)
  expect(message?.subject).toBe('Your password was changed')
  expect(message?.text).toContain('Dana Whitlock, Admin')
  await person.goTo('/dev/outbox')
  await person.page.getByRole('row', { name: email }).getByRole('link').click()
  await person.page.getByRole('heading', { name: 'Your password was changed' }).first().waitFor()
  for (const said of [JSON.stringify(message), await person.page.content()]) {
    expect(said).not.toContain(secret)
    expect(said).not.toContain(password)
  }
}

/** The worker signs in with the password from the office, can only replace it, and then continues. */
export async function replaceTemporary(person: Person, worker: Worker, temporary: string, own: string) {
  await person.signIn(worker.email, temporary)
  for (const path of ['/', '/account', '/fieldworkers', '/settings/company/users']) {
    await person.goTo(path)
    expect(person.place).toBe('/account/password')
  }
  await person.fill({
    'Temporary password': temporary,
    'New password': temporary,
    'Confirm new password': temporary,
  })
  expect(await person.send('Save')).toBe(422)
  expect(await fieldError(person, 'New password')).toContain('This is the current password')

  await person.fill({ 'Temporary password': temporary, 'New password': own, 'Confirm new password': own })
  await person.send('Save')
  expect(person.place).toBe('/account')
  expect(await notice(person)).toContain('Your password is changed')
  await person.goTo('/account')
  expect(person.place).toBe('/account')
  await signOut(person, worker)
  expect(await person.signIn(worker.email, temporary)).toBe(422)
  expect(await person.signIn(worker.email, own)).toBe(303)
  expect(person.place).toBe('/account')
}
