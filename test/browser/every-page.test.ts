import { describe, expect, test } from 'vitest'
import { testTown, type Person } from '../support/browser.ts'
import { openDetails } from './log-steps.ts'
import { admin, notice, sizes, worker } from './steps.ts'

const town = testTown()
const short = { 'New password': 'short', 'Confirm new password': 'short' }
const good = { 'New password': 'walnut ferry 31 canvas', 'Confirm new password': 'walnut ferry 31 canvas' }

describe.each(sizes)('at $width px, light and dark, no fault is found in', ({ width }) => {
  test('the pages before sign-in', async () => {
    const stranger = await town.person({ width })
    await fine(stranger, '/sign-in')
    expect(await stranger.send('Sign in')).toBe(422)
    await stranger.assertFine()
    for (let tries = 0; tries < 5; tries++)
      expect(await stranger.signIn(`ghost${width}@demo.test`, 'wrong')).toBe(422)
    expect(await stranger.signIn(`ghost${width}@demo.test`, 'wrong')).toBe(429)
    await stranger.assertFine()
  })

  test('the lists of people and their menus', async () => {
    const dana = await admin(town, { width })
    for (const path of [
      '/fieldworkers',
      '/fieldworkers?status=blocked&verified=yes',
      '/fieldworkers?q=nobody+at+all',
    ])
      await fine(dana, path)
    await fine(dana, '/settings/company/users')
    for (const name of [worker(6).name, 'Olivia Hart']) {
      await dana.goTo(`/settings/company/users?q=${encodeURIComponent(name)}`)
      await openFine(dana, `Actions for ${name}`)
    }
    await openFine(dana, 'Dana Whitlock')
    await openFine(dana, 'Menu')
  })

  test('a profile, and the account of one’s own', async () => {
    const dana = await admin(town, { width })
    await dana.link(worker(6).name).click()
    await dana.assertFine()
    await openFine(dana, 'Actions')
    await dana.link('Activity').click()
    await dana.page.getByRole('heading', { name: 'Nothing is written yet' }).waitFor()
    await dana.assertFine()
    await fine(dana, '/account')
    await fine(dana, '/account/activity')
    await fine(dana, '/account/password')
    await dana.fill({ 'Old password': 'wrong', ...good })
    expect(await dana.send('Save')).toBe(422)
    await dana.assertFine()
    await fine(dana, '/confirm-password?next=/fieldworkers')
    await dana.fill({ 'Your password': 'wrong' })
    expect(await dana.send('Continue')).toBe(422)
    await dana.assertFine()
  })

  test('the change of somebody’s password, in the dialog and as a page, and what is said after it', async () => {
    const target = worker(width === 390 ? 9 : 26)
    const dana = await admin(town, { width })
    await dana.goTo(`/fieldworkers?q=${target.email}`)
    await dana.button(`Actions for ${target.name}`).click()
    const address = (await dana.link('Change password').getAttribute('href')) ?? ''
    await dana.link('Change password').click()
    await dana.page.getByRole('dialog').waitFor()
    await dana.assertFine()
    await dana.button('Generate passphrase').click()
    await dana.page.getByText('Shown once').waitFor()
    await dana.assertFine()
    await dana.fill(short)
    expect(await dana.send('Save')).toBe(422)
    await dana.page.getByRole('dialog').getByRole('alert').waitFor()
    await dana.assertFine()

    await fine(dana, address)
    await dana.fill(short)
    expect(await dana.send('Save')).toBe(422)
    await dana.assertFine()
    await dana.fill(good)
    expect(await dana.send('Save')).toBe(303)
    expect(await notice(dana)).toContain(target.name)
    await dana.assertFine()

    const person = await town.person({ width })
    await person.signIn(target.email, good['New password'])
    expect(person.place).toBe('/account/password')
    await person.assertFine()
    await openFine(person, target.name)
    await fine(dana, '/activity-log')
    await dana.link(target.name).first().click()
    await dana.link('Activity').click()
    await openDetails(dana)
    await dana.assertFine()
  })

  test('the outbox and its letters', async () => {
    const stranger = await town.person({ width })
    await fine(stranger, '/dev/outbox')
    await stranger.link('Your password was changed').first().click()
    await stranger.assertFine()
    await stranger.link('Open the HTML part').click()
    await stranger.assertFine(['region', 'landmark-one-main']) // a mail has no landmarks
  })

  test('the pages that refuse, and those of the auditor', async () => {
    const dana = await admin(town, { width })
    await dana.goTo('/settings/company/users')
    const olivia = (await dana.link('Olivia Hart').getAttribute('href')) ?? ''
    await fine(dana, olivia.replace('/fieldworkers/', '/users/') + '/password', 403)
    await fine(dana, '/there/is/nothing', 404)
    const auditor = await town.person({ width })
    await auditor.signIn('auditor@demo.test')
    expect(auditor.place).toBe('/activity-log')
    await auditor.assertFine()
    for (const path of ['/activity-log/evidence', '/email-log', '/verify-evidence.html'])
      await fine(auditor, path)
    await fine(auditor, '/fieldworkers', 403)
  })

  test('the page of too many tries', async () => {
    const target = worker(width === 390 ? 5 : 16)
    const person = await town.person({ width })
    for (let tries = 0; tries < 5; tries++) expect(await person.signIn(target.email, 'wrong')).toBe(422)
    expect(await person.signIn(target.email)).toBe(429)
    await person.assertFine()
  })
})

async function fine(person: Person, path: string, status = 200) {
  expect(await person.goTo(path)).toBe(status)
  await person.assertFine()
}

/** Where the bar is not folded there is no ☰. */
async function openFine(person: Person, name: string) {
  const button = person.button(name)
  if (!(await button.isVisible())) return
  await button.click()
  await person.assertFine()
  await person.page.keyboard.press('Escape')
}
