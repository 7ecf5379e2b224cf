import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { assertOut, statusText, unverify } from './own-steps.ts'
import { admin, sizes, entryPoints, worker, type EntryPoint } from './steps.ts'

const app = createBrowserTestApp()
const places = Object.keys(entryPoints) as EntryPoint[]
const screens = sizes.flatMap(({ width }) => [true, false].map((script) => ({ width, script })))
const numbers = [5, 6, 7, 8, 9, 16, 17, 18, 19, 20, 22, 24]

describe.each(screens)('at $width px, script: $script, the ⋯ menu of', ({ width, script }) => {
  test.each(places)('%s sends links and signs out', async (place) => {
    const target = worker(numbers.shift() ?? 0)
    await unverify(app, target)
    const theirs = await app.person({ width, script })
    await theirs.signIn(target.email)
    const dana = await admin(app, { width, script })
    await entryPoints[place](dana, target)
    const start = dana.place
    if (place.startsWith('B')) await dana.assertFine() // another test checks the lists with an open menu
    const press = async (action: string) => {
      if (!(await dana.button(action).isVisible())) await entryPoints[place](dana, target)
      expect(await dana.send(action)).toBe(303)
      expect(dana.place).toBe(start)
      return statusText(dana)
    }

    expect(await press('Resend verification')).toContain(`Verification sent to ${target.name}`)
    await pressConfirm(theirs, target.email)
    expect(theirs.place).toBe('/account')

    expect(await press('Send reset link')).toContain(`Reset link sent to ${target.name}`)
    await app.emailTo(target.email, 'password_reset')

    expect(await press('Sign out of all devices')).toMatch(/signed out of all devices\s+1 device was/)
    await assertOut(theirs)

    await entryPoints[place](dana, target)
    expect(await dana.button('Resend verification').count()).toBe(0) // verified by now
  })
})

async function pressConfirm(person: Person, email: string) {
  const { link } = await app.emailTo(email, 'email_verification')
  await person.goTo(new URL(link ?? '').pathname)
  await person.send('Confirm')
}
