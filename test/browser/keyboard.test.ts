import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp, type Person } from '../support/browser.ts'
import { notice, sizes, fieldError, worker } from './steps.ts'

const app = createBrowserTestApp()

describe.each(sizes)('with the keyboard alone, at $width px', ({ width }) => {
  test('a person signs in, opens ⋯ and changes a password in the dialog', async () => {
    const target = worker(width === 390 ? 18 : 19)
    const dana = await app.person({ width })
    await dana.goTo('/sign-in')
    await signIn(dana)

    await tabTo(dana, `Actions for ${target.name}`)
    await openDialog(dana)
    await expect.poll(() => focused(dana)).toBe('Save')
    await dana.page.keyboard.press('Escape')
    expect(await dana.page.getByRole('dialog').count()).toBe(0)
    expect(await focused(dana)).toBe(`Actions for ${target.name}`)

    await openDialog(dana)
    await expect.poll(() => focused(dana)).toBe('Save')
    await tabTo(dana, 'New password', 'Shift+Tab')
    await typePasswords(dana, 'short', 'short')
    expect(await fieldError(dana, 'New password')).toContain('Use at least 12 characters')
    await expect.poll(() => focused(dana)).toBe('New password')

    await typePasswords(dana, 'walnut ferry 31 canvas', 'walnut fery')
    expect(await fieldError(dana, 'Confirm new password')).toContain('don’t match')
    await expect.poll(() => focused(dana)).toBe('Confirm new password')
    await tabTo(dana, 'New password', 'Shift+Tab')

    await typePasswords(dana, 'walnut ferry 31 canvas', 'walnut ferry 31 canvas')
    expect(await notice(dana)).toContain(`Password changed for ${target.name}`)
    expect(dana.place).toBe('/fieldworkers')
    expect(await focused(dana)).toBe('Copy message')
    await tabTo(dana, 'Done')
    await dana.page.keyboard.press('Enter')
    expect(await focused(dana)).toContain('Password changed for')
  })

  test('the dialog traps the focus, and its ✕ restores it', async () => {
    const target = worker(20)
    const dana = await app.person({ width })
    await dana.signIn('admin@demo.test')
    await dana.goTo('/fieldworkers')
    await tabTo(dana, `Actions for ${target.name}`)
    await openDialog(dana)
    const seen = new Set<string>()
    for (let step = 0; step < 14; step++) {
      await dana.page.keyboard.press('Tab')
      seen.add(await focused(dana))
    }
    expect([...seen]).toEqual(expect.arrayContaining(['Save', 'Cancel', 'Close', 'Generate passphrase']))
    expect([...seen].filter((name) => name.startsWith('Actions'))).toEqual([])
    await tabTo(dana, 'Close')
    await dana.page.keyboard.press('Enter')
    expect(await focused(dana)).toBe(`Actions for ${target.name}`)
  })

  test('a rejected form puts the focus in the first wrong field', async () => {
    const person = await app.person({ width })
    await person.signIn('worker40@demo.test')
    await person.goTo('/account/password')
    await expect.poll(() => focused(person)).toBe('Old password')
    await person.page.keyboard.type(password)
    await tabTo(person, 'New password')
    await typePasswords(person, 'short', 'short')
    await person.page.waitForLoadState()
    expect(await fieldError(person, 'New password')).toContain('Use at least 12 characters')
    expect(await focused(person)).toBe('New password')
  })
})

async function signIn(person: Person) {
  await expect.poll(() => focused(person)).toBe('Email')
  await person.page.keyboard.type('admin@demo.test')
  await tabTo(person, 'Password')
  await person.page.keyboard.type(password)
  await person.page.keyboard.press('Enter')
  await person.page.waitForURL('**/today')
  await person.goTo('/fieldworkers')
}

/** From the ⋯ button, where the focus is. */
async function openDialog(person: Person) {
  await person.page.keyboard.press('Enter')
  await tabTo(person, 'Change password')
  await person.page.keyboard.press('Enter')
  await person.page.getByRole('dialog', { name: 'Change password' }).waitFor()
}

/** From the first field, where the focus is. Enter submits. */
async function typePasswords(person: Person, newPassword: string, again: string) {
  const { keyboard } = person.page
  await expect.poll(() => focused(person)).toBe('New password')
  await keyboard.press('ControlOrMeta+A')
  await keyboard.type(newPassword)
  await tabTo(person, 'Confirm new password')
  await keyboard.press('ControlOrMeta+A')
  await keyboard.type(again)
  const answer = person.page.waitForResponse((response) => response.request().method() === 'POST')
  await keyboard.press('Enter')
  await answer
}

async function tabTo(person: Person, name: string, key = 'Tab') {
  for (let step = 0; step < 300; step++) {
    await person.page.keyboard.press(key)
    if ((await focused(person)) === name) return
  }
  throw new Error(`Tab does not lead to ${name}`)
}

/** The accessible name of the focused element. */
const focused = (person: Person) =>
  person.page.evaluate<string>(`(() => {
    const it = document.activeElement
    const name = it.getAttribute('aria-label') ?? it.labels?.[0]?.innerText ?? it.innerText
    return name.trim().replaceAll(/\\s+/g, ' ')
  })()`)
