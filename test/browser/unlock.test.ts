import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { statusText } from './own-steps.ts'
import { admin, entryPoints, sizes, worker, type Worker } from './steps.ts'

const app = createBrowserTestApp()
const numbers = [16, 17, 18, 19, 20, 22]
const screens = sizes.flatMap(({ width }) => [true, false].map((script) => ({ width, script })))

async function lockOut({ email }: Worker): Promise<Person> {
  const theirs = await app.person({ phone: true })
  for (let i = 0; i < 5; i++) expect(await theirs.signIn(email, 'not this one')).toBe(422)
  expect(await theirs.signIn(email)).toBe(429)
  return theirs
}

describe.each(screens)('at $width px, script: $script', ({ width, script }) => {
  test('the dialog of the password says that a caller is locked out, and unlocks without changing it', async () => {
    const caller = worker(numbers.shift() ?? 0)
    const theirs = await lockOut(caller)
    const dana = await admin(app, { width, script })
    await entryPoints['A, the list of fieldworkers'](dana, caller)
    await dana.link('Change password').click()
    await dana.button('Unlock only').waitFor()
    await dana.page.getByText(/^Locked out until \d\d:\d\d$/).waitFor()
    await dana.page.getByText('Saving unlocks.').waitFor()
    await dana.assertFine(script ? ['page-has-heading-one'] : [])
    expect(await dana.send('Unlock only')).toBe(303)
    expect(await statusText(dana)).toContain(`${caller.name} is unlocked`)
    if (script) expect(dana.place).toBe('/fieldworkers')
    expect(await theirs.signIn(caller.email)).toBe(303)
  })
})

test.each(sizes)(
  'at $width px the profile says it first, and Unlock leaves everything else as it was',
  async ({ width }) => {
    const caller = worker(numbers.shift() ?? 0)
    await lockOut(caller)
    const dana = await admin(app, { width })
    await dana.goTo(`/fieldworkers?q=${caller.email}`)
    await dana.link(caller.name).click()
    await dana.button('Unlock').waitFor()
    await dana.assertFine()
    const { place } = dana
    expect(await dana.send('Unlock')).toBe(303)
    expect(dana.place).toBe(place)
    expect(await statusText(dana)).toContain(`${caller.name} is unlocked`)
    await dana.page.getByText('Can sign in, but 5 attempts failed').waitFor()
    await dana.assertFine()
  },
)

test.each(sizes)(
  'at $width px a test email shows by itself what became of it, and the office phone is in reach',
  async ({ width }) => {
    const dana = await admin(app, { width })
    await dana.goTo('/settings/company/profile')
    await dana.field('Office phone').fill('+44 20 7946 0018')
    expect(await dana.send('Save')).toBe(303)
    expect(await dana.send('Send a test email to me')).toBe(303)
    await dana.page.locator('#test-email').getByText('was sent').waitFor()
    await dana.assertFine()
    const theirs = await app.person({ phone: true })
    await theirs.goTo('/sign-in')
    await theirs.link('+44 20 7946 0018').waitFor()
    await theirs.assertFine()
    await theirs.signIn(worker(9).email)
    expect(theirs.place).toBe('/m')
    expect(await theirs.link('+44 20 7946 0018').getAttribute('href')).toBe('tel:+442079460018')
    await theirs.assertFine()
  },
)
