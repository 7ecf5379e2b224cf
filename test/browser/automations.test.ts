import { beforeAll, describe, expect, test } from 'vitest'
import { Db, run, sql } from '../../src/platform/db.ts'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { admin, sizes, worker, fieldError } from './steps.ts'

const app = createBrowserTestApp()

let db: Db
beforeAll(() => {
  db = new Db(app.database)
  return () => db.close()
})
/** Sets the age of a password in days. */
const grownOld = ({ email }: { email: string }, days: number) =>
  run(
    db,
    sql`update users set password_changed_at = now() - make_interval(days => ${days}) where email = ${email}`,
  )

const statusText = (person: Person, words: string) =>
  person.page.getByRole('status').filter({ hasText: words }).waitFor()

describe.each(sizes)('at $width px', ({ width }) => {
  const target = worker(width === 390 ? 7 : 8)

  test('the office previews an automation, changes its settings, turns it on and runs it', async () => {
    await grownOld(target, 400)
    const dana = await admin(app, { width })
    await dana.goTo('/automations/security')
    await dana.assertFine()
    await dana.page.getByRole('switch', { name: 'Enforce periodic reset' }).click()
    await dana.page.getByText('Say why, then switch it on.').waitFor()
    expect(await dana.page.getByRole('alert').count()).toBe(0)
    await dana.assertFine()
    expect(await dana.send('Switch on')).toBe(422)
    expect(await fieldError(dana, 'Why')).toContain('Enter why you turn it on')
    await dana.assertFine()
    await dana.fill({ Why: 'The insurer asks for it' })
    expect(await dana.send('Switch on')).toBe(303)
    await statusText(dana, '“Enforce periodic reset” is on')
    await dana.assertFine()

    await dana.fill({ 'A password expires after': '10' })
    expect(await dana.send('Save')).toBe(422)
    expect(await fieldError(dana, 'A password expires after')).toContain('from 30 to 1,095')
    await dana.assertFine()
    await dana.fill({ 'A password expires after': '360', Exempt: 'owner@demo.test' })
    expect(await dana.send('Save')).toBe(303)

    await dana.link('Preview').click()
    await dana.page.getByRole('heading', { name: 'Preview: 1 person' }).waitFor()
    await dana.page.getByRole('link', { name: target.name }).waitFor()
    await dana.assertFine()
    await dana.page.getByRole('button', { name: 'Run now' }).click()
    const outcomes = dana.page.getByRole('cell', { name: '1 person asked for a new one' })
    await outcomes.nth(width === 390 ? 1 : 0).waitFor()
    await dana.page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded() // a target half under the header would be too small to click
    await dana.assertFine()

    await dana.goTo('/automations/security')
    await dana.page.getByRole('switch', { name: 'Enforce periodic reset' }).click()
    await statusText(dana, '“Enforce periodic reset” is off')
  })

  test('a person whose password expired must choose another one at sign-in', async () => {
    const person = await app.person({ phone: width === 390 })
    await person.signIn(target.email)
    expect(person.place).toBe(width === 390 ? '/m/password' : '/account/password')
    await person.page.getByText('Your password has expired').waitFor()
    await person.assertFine()
    const own = { 'New password': 'walnut ferry 31 canvas', 'Confirm new password': 'walnut ferry 31 canvas' }
    await person.fill(width === 390 ? own : { 'Old password': 'demo paddock lantern 42', ...own })
    expect(await person.send(width === 390 ? 'Confirm' : 'Save')).toBe(303)
    expect(person.place).toBe(width === 390 ? '/m' : '/account')
    await person.assertFine()
  })
})
