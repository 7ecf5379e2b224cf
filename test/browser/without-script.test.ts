import { describe, expect, test } from 'vitest'
import { createBrowserTestApp } from '../support/browser.ts'
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

describe.each(sizes)('without script, at $width px', ({ width }) => {
  const who = { width, script: false }
  const someone = (at: number) => worker(at + (width === 390 ? 5 : 16))

  test.each(places)('the office changes a password from %s, on a separate page', async (place) => {
    const target = someone(places.indexOf(place))
    const given = `${place} trunk 404`
    const dana = await admin(app, who)
    await entryPoints[place](dana, target)
    const start = dana.place
    await dana.link('Change password').click()
    await dana.page.getByRole('heading', { name: 'Change password', level: 1 }).waitFor()
    expect(dana.place).toMatch(/^\/users\/[\w-]+\/password\?returnTo=/)
    expect(await dana.button('Generate passphrase').count()).toBe(0)
    await dana.assertFine()

    await dana.fill({ 'New password': given, 'Confirm new password': given })
    expect(await dana.send('Save')).toBe(303)
    expect(dana.place).toBe(start)
    expect(await notice(dana)).toContain(`Password changed for ${target.name}`)
    await dana.assertFine()
    await dana.goTo('/account')
    await dana.page.getByText('Dana Whitlock, Demo Field Services').waitFor()

    await assertPasswordChangedEmail(app, dana, target, given)
    const person = await app.person(who)
    await replaceTemporary(person, target, given, `${target.name}’s own otter 58`)
  })

  test('an invalid password shows an error on the same page, which keeps its return address', async () => {
    const target = someone(3)
    const dana = await admin(app, who)
    await dana.goTo('/fieldworkers?status=active')
    await dana.button(`Actions for ${target.name}`).click()
    await dana.link('Change password').click()
    await dana.fill({ 'New password': 'short', 'Confirm new password': 'short' })
    expect(await dana.send('Save')).toBe(422)
    expect(await dana.page.title()).toMatch(/^Error: /)
    expect(await fieldError(dana, 'New password')).toContain('Use at least 12 characters; this has 5')
    await dana.assertFine()
    await dana.link('Cancel').click()
    expect(dana.place).toBe('/fieldworkers?status=active')
    expect(await app.emailsTo(target.email)).toEqual([])
  })

  test('a fieldworker changes their own password', async () => {
    const person = await app.person(who)
    const own = 'saddle 12 orchid winter'
    const target = someone(4)
    await person.signIn(target.email)
    await person.button(target.name).click()
    await person.page.locator('.menu').getByRole('link', { name: 'Change my password' }).click()
    await person.fill({ 'Old password': 'wrong', 'New password': own, 'Confirm new password': own })
    expect(await person.send('Save')).toBe(422)
    expect(await fieldError(person, 'Old password')).toContain('That isn’t your current password')
    await person.link('Cancel').click()
    expect(person.place).toBe('/account')
  })
})
