import { expect, test } from 'vitest'
import { createBrowserTestApp } from '../support/browser.ts'
import { admin, entryPoints, fieldError, worker } from './steps.ts'

const app = createBrowserTestApp()
const good = 'walnut ferry 31 canvas'

test('the error of the confirmation disappears once both are the same, and what was typed stays (fault 29)', async () => {
  const dana = await admin(app, { width: 1280 })
  await entryPoints['A, the list of fieldworkers'](dana, worker(7))
  await dana.link('Change password').click()
  await dana.page.getByRole('dialog', { name: 'Change password' }).waitFor()
  const [first, second] = ['New password', 'Confirm new password'].map((name) =>
    dana.page.getByLabel(name, { exact: true }),
  )

  await dana.fill({ 'New password': good, 'Confirm new password': 'walnut fery' })
  expect(await dana.send('Save')).toBe(422)
  expect(await fieldError(dana, 'Confirm new password')).toContain('don’t match')
  expect([await first?.inputValue(), await second?.inputValue()]).toEqual([good, 'walnut fery'])

  await second?.fill('walnut')
  expect(await second?.getAttribute('aria-invalid')).toBe('true')
  await second?.fill(good)
  expect(await second?.getAttribute('aria-invalid')).toBeNull()
  expect(await dana.page.getByText('don’t match').count()).toBe(0)

  await dana.fill({ 'New password': 'short', 'Confirm new password': '' })
  expect(await dana.send('Save')).toBe(422)
  expect(await fieldError(dana, 'New password')).toContain('Use at least 12 characters; this has 5')
  expect(await fieldError(dana, 'Confirm new password')).toContain('Enter the new password again')
  expect([await first?.inputValue(), await second?.inputValue()]).toEqual(['short', ''])
})
