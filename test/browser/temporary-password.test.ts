import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp, type Person } from '../support/browser.ts'
import { admin, notice, signOut, sizes, entryPoints, fieldError, worker, type Worker } from './steps.ts'

const app = createBrowserTestApp()
const temporary = 'granite 19 saddle moth'
const own = 'copper lemon bicycle 7'

describe.each(sizes)('at $width px', ({ width }) => {
  const target = worker(width === 390 ? 7 : 22)
  const other = worker(width === 390 ? 8 : 24)

  test('if checked, the worker is signed out at once, must choose their own password, and can then continue', async () => {
    const elsewhere = await app.person({ width })
    await elsewhere.signIn(target.email)
    expect(elsewhere.place).toBe('/account')
    expect(await changePassword(await admin(app, { width }), target, {})).toContain('1 device was signed out')
    await elsewhere.goTo('/account')
    expect(elsewhere.place).toBe('/sign-in?next=%2Faccount')

    await elsewhere.fill({ Email: target.email, Password: temporary })
    await elsewhere.send('Sign in')
    expect(elsewhere.place).toBe('/account/password')
    await elsewhere.page.getByText('The office gave you a temporary one').waitFor()
    await onlyWayOut(elsewhere, target)
  })

  test('the old password no longer works, and a wrong temporary one changes nothing', async () => {
    const person = await app.person({ width })
    expect(await person.signIn(target.email)).toBe(422)
    expect(await person.signIn(target.email, temporary)).toBe(303)
    await person.fill({
      'Temporary password': 'not the one at all',
      'New password': own,
      'Confirm new password': own,
    })
    expect(await person.send('Save')).toBe(422)
    expect(await fieldError(person, 'Temporary password')).toContain('That isn’t your current password')
    await person.fill({ 'Temporary password': temporary, 'New password': own, 'Confirm new password': own })
    expect(await person.send('Save')).toBe(303)
    expect(await notice(person)).toContain('Your password is changed')
  })

  test('if not checked, the password is permanent and nobody is signed out', async () => {
    const elsewhere = await app.person({ width })
    await elsewhere.signIn(other.email)
    const untick = { 'Ask them to choose': false, 'Sign them out': false }
    await changePassword(await admin(app, { width }), other, untick)
    expect(await elsewhere.goTo('/account')).toBe(200)
    expect(elsewhere.place).toBe('/account')
    const person = await app.person({ width })
    expect(await person.signIn(other.email, password)).toBe(422)
    expect(await person.signIn(other.email, temporary)).toBe(303)
    expect(person.place).toBe('/account')
  })
})

async function changePassword(dana: Person, target: Worker, ticks: Record<string, boolean>): Promise<string> {
  await entryPoints['A, the list of fieldworkers'](dana, target)
  await dana.link('Change password').click()
  await dana.fill({ 'New password': temporary, 'Confirm new password': temporary })
  for (const [words, ticked] of Object.entries(ticks))
    await dana.page.getByRole('checkbox', { name: words }).setChecked(ticked)
  expect(await dana.send('Save')).toBe(303)
  return notice(dana)
}

/** The page and the menu under the name offer only the change and signing out. */
async function onlyWayOut(person: Person, target: Worker) {
  await person.button(target.name).click()
  expect(await person.page.getByRole('link').allInnerTexts()).toEqual(['Skip to content', 'Fieldkey'])
  await person.page.keyboard.press('Escape')
  await person.link('Fieldkey').click()
  expect(person.place).toBe('/account/password')
  await signOut(person, target)
}
