import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp, type Person } from '../support/browser.ts'
import { ageReauthentication as ageOnServer } from './own-steps.ts'
import { admin, notice, sizes, entryPoints, worker } from './steps.ts'

const app = createBrowserTestApp()
const dana = { name: 'Dana Whitlock', email: 'admin@demo.test' }
const given = 'walnut ferry 31 canvas'
const stepUp = ({ page }: Person) => page.getByRole('dialog', { name: 'Enter your password to go on' })

/** Advances the time by this number of minutes, for the server and for the page. */
async function pass(person: Person, minutes: number, email = dana.email) {
  await ageOnServer(app, { name: '', email }, minutes)
  await person.page.clock.setFixedTime(Date.now() + minutes * 60_000)
}

async function enterPassword(person: Person, typed: string) {
  const dialog = stepUp(person)
  await dialog.waitFor()
  await dialog.getByLabel('Your password', { exact: true }).fill(typed)
  const answer = person.page.waitForResponse((response) => response.request().method() === 'POST')
  await dialog.getByRole('button', { name: 'Continue' }).click()
  return (await answer).status()
}

describe.each(sizes)('at $width px, when the password was entered 31 minutes ago', ({ width }) => {
  test('a dialog asks for it on top of the one that is filled in, and no input is lost (fault 28)', async () => {
    const target = worker(width === 390 ? 5 : 16)
    const office = await admin(app, { width })
    await entryPoints['B, the profile'](office, target)
    await office.link('Change password').click()
    await office.fill({ 'New password': given, 'Confirm new password': given })
    await pass(office, 31)
    await office.button('Save').click()
    expect(await enterPassword(office, 'not my password')).toBe(422)
    await stepUp(office).getByText('That isn’t your password').waitFor()
    await office.assertFine()
    expect(await enterPassword(office, password)).toBe(303)
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
    expect(await office.page.getByRole('dialog').count()).toBe(0)
  })

  test('a page that does not know it yet also asks in the dialog, and no input is lost (fault 28)', async () => {
    const target = worker(width === 390 ? 20 : 22)
    const office = await admin(app, { width })
    await entryPoints['B, the profile'](office, target)
    await office.link('Change password').click()
    await office.fill({ 'New password': given, 'Confirm new password': given })
    await ageOnServer(app, dana, 31)
    expect(await office.send('Save')).toBe(303)
    expect(await stepUp(office).innerText()).not.toContain('not kept')
    await enterPassword(office, password)
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
  })

  test('it can be cancelled, and the form is unchanged (fault 28)', async () => {
    const office = await admin(app, { width })
    await entryPoints['B, the profile'](office, worker(6))
    await office.link('Change password').click()
    await office.fill({ 'New password': given, 'Confirm new password': given })
    await pass(office, 31)
    await office.button('Save').click()
    await stepUp(office).getByRole('link', { name: 'Cancel' }).click()
    await stepUp(office).waitFor({ state: 'detached' })
    expect(await office.field('New password').inputValue()).toBe(given)
    expect(await office.page.evaluate('document.activeElement.textContent')).toBe('Save')
  })

  test('a link to a dialog asks for it in a dialog, then continues (fault 28)', async () => {
    const office = await admin(app, { width })
    await entryPoints['B, the profile'](office, worker(7))
    await pass(office, 31)
    await office.link('Change password').click()
    await enterPassword(office, password)
    await office.page.getByRole('dialog', { name: 'Change password' }).waitFor()
  })

  test('a menu button and a page form ask for it, too (fault 28)', async () => {
    const target = worker(width === 390 ? 8 : 17)
    const office = await admin(app, { width })
    await entryPoints['B, the profile'](office, target)
    await pass(office, 31)
    await office.button('Block').click()
    await enterPassword(office, password)
    await office.page.getByText(`${target.name} is blocked`).waitFor()

    await office.goTo('/settings/company/security')
    await pass(office, 31)
    await office.page.getByLabel('Shortest password').fill('13')
    await office.button('Save').click()
    await enterPassword(office, password)
    await office.page.getByRole('status').first().waitFor()
    expect(await office.page.getByLabel('Shortest password').inputValue()).toBe('13')
  })
})

test('the phone asks for it after 15 minutes, and keeps the input (fault 28)', async () => {
  const target = worker(9)
  const phone = await app.person({ phone: true })
  await phone.signIn(target.email)
  await phone.goTo('/m/password')
  await phone.fill({ 'New password': given, 'Confirm new password': given })
  await pass(phone, 16, target.email)
  await phone.button('Confirm').click()
  await stepUp(phone).waitFor()
  await phone.assertFine()
  await enterPassword(phone, password)
  await phone.page.waitForURL('**/m')
  expect(await (await app.person()).signIn(target.email, given)).toBe(303)
})
