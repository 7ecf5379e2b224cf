import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { statusText } from './own-steps.ts'
import { admin, sizes, fieldError } from './steps.ts'

const app = createBrowserTestApp()
const own = 'violin trunk harvest 58 otter'

describe.each(sizes)('at $width px the office', ({ width }) => {
  const email = `nia.new.${width}@demo.test`
  const moved = `nia.moved.${width}@demo.test`

  test('adds a fieldworker, who chooses a password through the email and signs in', async () => {
    const dana = await admin(app, { width })
    await dana.page.waitForLoadState('networkidle') // a click before the scripts came opens a page instead
    await dana.link('Add fieldworker').click()
    const dialog = dana.page.getByRole('dialog', { name: 'Add fieldworker' })
    await dialog.waitFor()
    await dana.assertFine()
    await fill(dana, { Name: 'Nia New', Email: 'worker1@demo.test', 'Phone (optional)': 'none' })
    expect(await dana.send('Send invitation')).toBe(422)
    expect(await fieldError(dana, 'Phone (optional)')).toContain('Enter a phone number')
    await fill(dana, { 'Phone (optional)': '' })
    expect(await dana.send('Send invitation')).toBe(422)
    expect(await fieldError(dana, 'Email')).toContain('It is that of Ada Brandt')
    await dana.assertFine()
    await fill(dana, { Email: email })
    await inSheet(dana, 'Team').selectOption('North crew')
    expect(await dana.send('Send invitation')).toBe(303)
    expect(await statusText(dana)).toContain('Nia New is invited')
    await dana.page.getByRole('heading', { name: 'Nia New', level: 1 }).waitFor()
    await dana.assertFine()
    await dana.button('Actions').click()
    await dana.assertFine()

    const nia = await app.person({ width })
    const invitation = await app.emailTo(email, 'invitation')
    await nia.goTo(new URL(invitation.link ?? '').pathname)
    expect(nia.place).toBe('/invitation')
    await nia.assertFine()
    await nia.fill({ 'New password': 'short', 'Confirm new password': 'short' })
    expect(await nia.send('Save')).toBe(422)
    expect(await fieldError(nia, 'New password')).toContain('Use at least 12 characters')
    await nia.assertFine()
    await nia.fill({ 'New password': own, 'Confirm new password': own })
    expect(await nia.send('Save')).toBe(303)
    expect(nia.place).toBe('/sign-in')
    expect(await statusText(nia)).toContain('Your account is ready')
    await nia.goTo(new URL(invitation.link ?? '').pathname)
    await nia.page.getByText('It was used today').waitFor()
    await nia.assertFine()
    expect(await nia.signIn(email, own)).toBe(303)
    expect(nia.place).toBe('/account')
  })

  test('changes their address and their role, from the menu', async () => {
    const dana = await admin(app, { width })
    await dana.goTo(`/fieldworkers?q=${email}`)
    await openSheet(dana, 'Edit details')
    await dana.assertFine()
    await fill(dana, { Email: moved })
    expect(await dana.send('Save')).toBe(303)
    expect(await statusText(dana)).toContain('Details of Nia New saved')
    expect(dana.place).toBe(`/fieldworkers?q=${encodeURIComponent(email).replace('%40', '@')}`)
    expect((await app.emailTo(email, 'email_changed_by_office')).text).toContain(moved)
    await app.emailTo(moved, 'email_verification')

    await dana.goTo(`/settings/company/users?q=${moved}`)
    await openSheet(dana, 'Change role')
    await dana.assertFine()
    await inSheet(dana, 'Role').selectOption({ label: 'Dispatcher, their own team' })
    await inSheet(dana, 'Team').selectOption('None')
    expect(await dana.send('Save')).toBe(422)
    expect(await fieldError(dana, 'Team')).toContain('choose which')
    await dana.assertFine()
    await inSheet(dana, 'Team').selectOption('Valley crew')
    expect(await dana.send('Save')).toBe(303)
    expect(await statusText(dana)).toContain('Nia New is now Dispatcher in the team Valley crew')
    expect((await app.emailTo(moved, 'role_changed')).text).toContain('Dispatcher')
    const nia = await app.person({ width })
    await nia.signIn(moved, own)
    expect(nia.place).toBe('/today')
  })

  test('does the same on separate pages, without script', async () => {
    const dana = await admin(app, { width, script: false })
    await dana.goTo('/settings/company/users')
    await dana.link('Add user').click()
    await fill(dana, { Name: 'Pat Plain', Email: `pat.${width}@demo.test` })
    expect(await inSheet(dana, 'Role').locator('option:checked').innerText()).toBe(
      'Fieldworker, own account alone',
    )
    await inSheet(dana, 'Role').selectOption({ label: 'Auditor, the whole company' })
    expect(await dana.send('Send invitation')).toBe(303)
    expect(await statusText(dana)).toContain('Pat Plain is invited')
    await dana.button('Actions').click()
    await dana.link('Edit details').click()
    await dana.assertFine()
    await fill(dana, { Name: 'Pat Plainer' })
    expect(await dana.send('Save')).toBe(303)
    await dana.page.getByRole('heading', { name: 'Pat Plainer', level: 1 }).waitFor()
    expect(await dana.send('Resend invitation')).toBe(303)
    expect(await statusText(dana)).toContain('Invitation sent to Pat Plainer')
  })
})

/** The page behind has fields of the same names. */
const inSheet = ({ page }: Person, name: string) =>
  page.locator('form[data-sheet]').getByLabel(name, { exact: true })

async function fill(person: Person, fields: Record<string, string>) {
  for (const [name, value] of Object.entries(fields)) await inSheet(person, name).fill(value)
}

async function openSheet(person: Person, name: string) {
  await person.button('Actions for Nia New').click()
  await person.link(name).click()
  await person.page.getByRole('dialog', { name }).waitFor()
}
