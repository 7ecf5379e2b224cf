import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, password, type Person } from '../support/browser.ts'
import { administer } from '../support/test-server.ts'
import { ageReauthentication } from './own-steps.ts'
import { admin, entryPoints, fieldError, notice, sizes, worker, type Worker } from './steps.ts'

const app = createBrowserTestApp()
const drawnWords = /^([a-z]{3,6} ){4}[1-9]\d$/
const own = 'walnut ferry 31 canvas'
const dana = { name: 'Dana Whitlock', email: 'admin@demo.test' }

const phrase = ({ page }: Person) => page.locator('[data-passphrase] output')
const focused = ({ page }: Person) => page.evaluate<string>('document.activeElement.innerText.trim()')
const typed = async (person: Person) => [
  await person.field('New password').inputValue(),
  await person.field('Confirm new password').inputValue(),
]

async function drawn(person: Person): Promise<string> {
  await expect.poll(() => phrase(person).innerText()).toMatch(drawnWords)
  await expect.poll(() => focused(person)).toBe('Save')
  return phrase(person).innerText()
}

const open = {
  async 'the dialog'(person: Person, target: Worker) {
    await entryPoints['B, the profile'](person, target)
    await person.link('Change password').click()
    await person.page.getByRole('dialog', { name: 'Change password' }).waitFor()
  },
  async 'the page'(person: Person, target: Worker) {
    await entryPoints['B, the profile'](person, target)
    await person.goTo((await person.link('Change password').getAttribute('href')) ?? '')
  },
}
const places = Object.keys(open) as (keyof typeof open)[]

describe.each(sizes)('at $width px, where the office changes a password', ({ width }) => {
  const at = width === 390 ? 0 : 1

  test.each(places)('a passphrase is drawn in %s, and Enter saves it', async (place) => {
    const target = worker([5, 16, 6, 17][places.indexOf(place) * 2 + at]!)
    const office = await admin(app, { width })
    await open[place](office, target)
    const words = await drawn(office)
    expect(await typed(office)).toEqual([words, words])
    const answer = office.page.waitForResponse((response) => response.request().method() === 'POST')
    await office.page.keyboard.press('Enter')
    expect((await answer).status()).toBe(303)
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
    expect(await (await app.person({ width })).signIn(target.email, words)).toBe(303)
  })

  test.each(places)('in %s Generate draws another, and Enter after it saves', async (place) => {
    const target = worker([7, 18, 8, 19][places.indexOf(place) * 2 + at]!)
    const office = await admin(app, { width })
    await open[place](office, target)
    const first = await drawn(office)
    await office.button('Generate passphrase').focus()
    await office.page.keyboard.press('Enter')
    await expect.poll(() => phrase(office).innerText()).not.toBe(first)
    const second = await drawn(office)
    await office.page.keyboard.press('Enter')
    await notice(office)
    expect(await (await app.person({ width })).signIn(target.email, second)).toBe(303)
  })

  test.each(places)('in %s both faults are said at once, and what was typed stays', async (place) => {
    const office = await admin(app, { width })
    await open[place](office, worker(20))
    await drawn(office)
    await office.fill({ 'New password': 'short', 'Confirm new password': 'shirt' })
    expect(await phrase(office).innerText()).toBe('')
    expect(await office.send('Save')).toBe(422)
    expect(await fieldError(office, 'New password')).toContain('Use at least 12 characters; this has 5')
    expect(await fieldError(office, 'Confirm new password')).toContain('don’t match')
    expect(await typed(office)).toEqual(['short', 'shirt'])
    expect(await office.page.getByRole('alert').innerText()).toContain('Check the 2 highlighted fields')
    await office.page.evaluate('scrollTo(0, 0)')
    await office.assertFine()
    await office.button('Generate passphrase').click()
    const words = await drawn(office)
    expect(await office.page.locator('[aria-invalid=true]').count()).toBe(0)
    expect(await typed(office)).toEqual([words, words])
  })

  test.each(places)('in %s the step-up keeps what was drawn', async (place) => {
    const target = worker([22, 24, 26, 36][places.indexOf(place) * 2 + at]!)
    const office = await admin(app, { width })
    await open[place](office, target)
    const words = await drawn(office)
    await ageReauthentication(app, dana, 31)
    await office.button('Save').click()
    const asks = office.page.getByRole('dialog', { name: 'Enter your password to go on' })
    await asks.waitFor()
    expect(await typed(office)).toEqual([words, words])
    await asks.getByLabel('Your password', { exact: true }).fill(password)
    await asks.getByRole('button', { name: 'Continue' }).click()
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
    expect(await (await app.person({ width })).signIn(target.email, words)).toBe(303)
  })

  test('one’s own password replaces the one that was drawn', async () => {
    const target = worker(width === 390 ? 9 : 40)
    const office = await admin(app, { width })
    await open['the dialog'](office, target)
    await drawn(office)
    await office.fill({ 'New password': own, 'Confirm new password': own })
    expect(await phrase(office).innerText()).toBe('')
    expect(await office.send('Save')).toBe(303)
    expect(await (await app.person({ width })).signIn(target.email, own)).toBe(303)
  })

  test('a worker without verified address is warned about before', async () => {
    const office = await admin(app, { width })
    await open['the dialog'](office, worker(2))
    const dialog = office.page.getByRole('dialog')
    expect(await dialog.innerText()).toContain('the email is not verified')
    expect(await dialog.innerText()).toContain('worker2@demo.test')
    await drawn(office)
    await office.assertFine()
    await office.link('Cancel').click()
    await open['the dialog'](office, worker(20))
    expect(await dialog.innerText()).not.toContain('not verified')
  })
})

test('without the list of words the dialog says so, and a password can be typed', async () => {
  const target = worker(16)
  const office = await admin(app, { width: 1280 })
  await office.context.route('**/words.txt', (route) => route.fulfill({ status: 204 }))
  await open['the dialog'](office, target)
  await office.page.getByText('No words arrived').waitFor()
  expect(await typed(office)).toEqual(['', ''])
  await office.fill({ 'New password': own, 'Confirm new password': own })
  expect(await office.send('Save')).toBe(303)
})

test('where the company asks for 40 characters, more words are drawn', async () => {
  await administer(app.database, 'update company set password_min_length = 40')
  const office = await admin(app, { width: 1280 })
  await open['the dialog'](office, worker(17))
  await expect.poll(async () => (await typed(office))[0]?.length).toBeGreaterThanOrEqual(40)
  expect(await office.send('Save')).toBe(303)
})
