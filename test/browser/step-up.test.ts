import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp, type Person } from '../support/browser.ts'
import { ageReauthentication as ageOnServer } from './own-steps.ts'
import { administer } from '../support/test-server.ts'
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
    await office.page.getByRole('dialog', { name: `Hand over to ${target.name}` }).waitFor()
    expect(await office.page.getByRole('dialog').count()).toBe(1)
  })

  test('a page that does not know it yet also asks in the dialog, and no input is lost (fault 28)', async () => {
    const target = worker(width === 390 ? 20 : 22)
    const office = await admin(app, { width })
    await entryPoints['B, the profile'](office, target)
    await office.link('Change password').click()
    await office.fill({ 'New password': given, 'Confirm new password': given })
    await ageOnServer(app, dana, 31)
    await office.button('Save').click()
    await stepUp(office).waitFor()
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

/** Like a change of the account elsewhere: the password that was entered counts no more. */
const moveVersion = (email: string) =>
  administer(
    app.database,
    `update users set credential_version = credential_version + 1 where email = '${email}'`,
  )
const endSessions = (email: string) =>
  administer(
    app.database,
    `update sessions set ended_at = now()
     where ended_at is null and user_id = (select id from users where email = '${email}')`,
  )
const openPassword = async (office: Person, target: { name: string }) => {
  await entryPoints['B, the profile'](office, target as ReturnType<typeof worker>)
  const href = await office.link('Change password').getAttribute('href')
  await office.goTo(href ?? '')
}

describe('a page that believes that the password was entered a moment ago', () => {
  test('asks the server before a password of somebody is sent, and keeps it (fault 28)', async () => {
    const target = worker(18)
    const office = await admin(app, { width: 1280 })
    await openPassword(office, target)
    await office.fill({ 'New password': given, 'Confirm new password': given })
    await ageOnServer(app, dana, 31)
    await office.button('Save').click()
    await stepUp(office).waitFor()
    expect(await office.field('New password').inputValue()).toBe(given)
    await enterPassword(office, password)
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
  })

  test('asks the server before a canned response is sent, and keeps it (fault 28)', async () => {
    const office = await admin(app, { width: 390 })
    await office.goTo('/settings/communications/canned-responses/new')
    await office.fill({ Name: 'Autumn', Subject: 'Choose a new one' })
    await ageOnServer(app, dana, 31)
    await office.button('Save').click()
    await stepUp(office).waitFor()
    expect(await office.field('Subject').inputValue()).toBe('Choose a new one')
  })

  test('asks the server on the phone after the account has changed, and keeps what was typed (fault 28)', async () => {
    const target = worker(24)
    const phone = await app.person({ phone: true })
    await phone.signIn(target.email)
    await phone.goTo('/m/password')
    await phone.fill({ 'New password': given, 'Confirm new password': given })
    await moveVersion(target.email)
    await phone.button('Confirm').click()
    await stepUp(phone).waitFor()
    expect(await phone.field('New password').inputValue()).toBe(given)
    await enterPassword(phone, password)
    await phone.page.waitForURL('**/m')
    expect(await (await app.person()).signIn(target.email, given)).toBe(303)
  })
})

describe('a session that ends while a form is filled in', () => {
  const over = 'You were signed out. Nothing was changed.'
  const signInInNewTab = async (office: Person) => {
    const opened = office.page.context().waitForEvent('page')
    await office.page.getByRole('link', { name: 'Sign in in a new tab' }).click()
    const tab = await opened
    await tab.getByLabel('Email', { exact: true }).fill(dana.email)
    await tab.getByLabel('Password', { exact: true }).fill(password)
    await tab.getByRole('button', { name: 'Sign in' }).click()
    await tab.waitForURL('**/today')
    await tab.close()
  }

  test('while the dialog asks for the password: it says so, and goes on after sign-in in another tab (fault 28)', async () => {
    const target = worker(26)
    const office = await admin(app, { width: 1280 })
    await entryPoints['B, the profile'](office, target)
    await office.link('Change password').click()
    await office.fill({ 'New password': given, 'Confirm new password': given })
    await ageOnServer(app, dana, 31)
    await office.button('Save').click()
    await stepUp(office).waitFor()
    await endSessions(dana.email)
    await enterPassword(office, password)
    await stepUp(office).getByText(over).waitFor()
    await office.assertFine()
    await signInInNewTab(office)
    await stepUp(office).getByRole('button', { name: 'Continue' }).click()
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
  })

  test('before the form is sent: the sheet stays, and goes on after sign-in in another tab (fault 28)', async () => {
    const target = worker(36)
    const office = await admin(app, { width: 390 })
    await entryPoints['B, the profile'](office, target)
    await office.link('Change password').click()
    await office.fill({ 'New password': given, 'Confirm new password': given })
    await endSessions(dana.email)
    await office.button('Save').click()
    await office.page.getByText(over).waitFor()
    await office.assertFine()
    expect(await office.field('New password').inputValue()).toBe(given)
    await signInInNewTab(office)
    await office.button('Save').click()
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
  })

  test('on a page without a dialog (fault 28)', async () => {
    const office = await admin(app, { width: 1280 })
    await openPassword(office, worker(40))
    await office.fill({ 'New password': given, 'Confirm new password': given })
    await endSessions(dana.email)
    await office.button('Save').click()
    await office.page.getByText(over).waitFor()
    expect(await office.field('New password').inputValue()).toBe(given)
  })

  test('the fifth wrong password says so in the dialog (fault 28)', async () => {
    const who = worker(19)
    const phone = await app.person({ phone: true })
    await phone.signIn(who.email)
    await phone.goTo('/m/password')
    await phone.fill({ 'New password': given, 'Confirm new password': given })
    await ageOnServer(app, { name: '', email: who.email }, 16)
    await phone.button('Confirm').click()
    for (let i = 0; i < 5; i++) expect(await enterPassword(phone, `guess ${i}`)).toBe(422)
    await stepUp(phone).locator('[data-signed-out]', { hasText: over }).waitFor()
    expect(await stepUp(phone).getByRole('link', { name: 'Sign in in a new tab' }).count()).toBe(1)
    expect(await phone.field('New password').inputValue()).toBe(given)
  })
})
