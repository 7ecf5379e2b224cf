import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import {
  admin,
  assertPasswordChangedEmail,
  notice,
  replaceTemporary,
  sizes,
  entryPoints,
  fieldError,
  worker,
  type EntryPoint,
} from './steps.ts'

const app = createBrowserTestApp()
const places = Object.keys(entryPoints) as EntryPoint[]

describe.each(sizes)('at $width px the office changes a password from', ({ width }) => {
  const someone = (at: number) => worker(at + (width === 390 ? 5 : 16))

  test.each(places)('%s, in a dialog over the page', async (place) => {
    const at = places.indexOf(place)
    const target = someone(at)
    const dana = await admin(app, { width })
    await entryPoints[place](dana, target)
    const behind = await whereIs(dana)
    await dana.link('Change password').click()
    await dana.page.getByRole('dialog', { name: 'Change password' }).waitFor()
    expect(await whereIs(dana)).toEqual(behind)

    const given = at === 1 ? await drawn(dana) : await type(dana, `${place} lantern 77`)
    expect(await dana.send('Save')).toBe(303)
    expect(await notice(dana)).toContain(`Password changed for ${target.name}`)
    await dana.page.getByRole('dialog', { name: `Hand over to ${target.name}` }).waitFor()
    await dana.button('Done').click()
    expect(await dana.page.getByRole('dialog').count()).toBe(0)
    expect(dana.place).toBe(behind.place)
    await dana.goTo('/account')
    await dana.page.getByText('Dana Whitlock, Demo Field Services').waitFor()

    await assertPasswordChangedEmail(app, dana, target, given)
    const person = await app.person({ width })
    await replaceTemporary(person, target, given, `${target.name}’s own otter 58`)
  })

  test('an invalid password shows an error in the dialog, which stays open, and changes nothing', async () => {
    const target = someone(3)
    const dana = await admin(app, { width })
    await entryPoints['A, the list of fieldworkers'](dana, target)
    await dana.link('Change password').click()
    const dialog = dana.page.getByRole('dialog', { name: 'Change password' })
    const title = await dana.page.title()
    await dana.fill({ 'New password': 'short', 'Confirm new password': 'short' })
    expect(await dana.send('Save')).toBe(422)
    expect(await fieldError(dana, 'New password')).toContain('Use at least 12 characters; this has 5')
    expect(await dialog.getByRole('alert').innerText()).toContain('The password was not changed')
    expect(await dana.page.title()).toMatch(/^Error: (?!Error)/)
    expect(await dana.field('New password').inputValue()).toBe('short')

    await dana.fill({ 'New password': 'walnut ferry 31 canvas', 'Confirm new password': 'walnut fery' })
    expect(await dana.send('Save')).toBe(422)
    expect(await fieldError(dana, 'Confirm new password')).toContain('don’t match')
    await dana.button('Cancel').or(dana.link('Cancel')).click()
    expect(await dialog.count()).toBe(0)
    expect(await dana.page.title()).toBe(title)
    expect(await app.emailsTo(target.email)).toEqual([])
    const person = await app.person({ width })
    expect(await person.signIn(target.email)).toBe(303)
  })
})

/** The state of the page behind the dialog: its address and scroll position. */
async function whereIs(person: Person) {
  return { place: person.place, scrolled: await person.page.evaluate<number>('scrollY') }
}

async function type(person: Person, typed: string): Promise<string> {
  await person.fill({ 'New password': typed, 'Confirm new password': typed })
  return typed
}

/** The words that were drawn when the dialog opened. */
async function drawn(person: Person): Promise<string> {
  const phrase = person.page.getByRole('dialog').locator('output')
  await expect.poll(() => phrase.innerText()).toMatch(drawnWords)
  return phrase.innerText()
}

const drawnWords = /^([a-z]{3,6} ){4}[1-9]\d$/
