import type { Locator } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { Db } from '../../src/platform/db.ts'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { routesOf } from '../support/routes.ts'
import { sessionSecret } from '../support/test-app.ts'
import { administer } from '../support/test-server.ts'
import { openDetails } from './log-steps.ts'
import { linkIn } from './own-steps.ts'
import { admin, notice, sizes, worker, type Worker } from './steps.ts'

const app = createBrowserTestApp()
const short = { 'New password': 'short', 'Confirm new password': 'short' }
const good = { 'New password': 'walnut ferry 31 canvas', 'Confirm new password': 'walnut ferry 31 canvas' }

// Reads the routes only: the pages are those of the server of this file.
const routes = routesOf(
  createApp({ db: new Db(app.database), config: readConfig({ SESSION_SECRET: sessionSecret }) }),
)
const addresses = routes
  .filter(({ method, path }) => method === 'GET' && !path.includes(':'))
  .map(({ path }) => path)

describe.each(sizes)('at $width px, light and dark, accessibility checks pass for', ({ width }) => {
  test('every page whose address names nothing, as the Owner sees it', async () => {
    const olivia = await owner({ width })
    const seen = new Set<string>()
    for (const address of addresses) {
      const answer = await olivia.page.request.get(address)
      const shown = new URL(answer.url()).pathname // or where that leads
      if (seen.has(shown) || !answer.headers()['content-type']?.startsWith('text/html')) continue
      seen.add(shown)
      await fine(olivia, shown, answer.status())
    }
    expect(seen.size).toBeGreaterThan(25)
  })

  test('the pages before sign-in', async () => {
    const stranger = await app.person({ width })
    await fine(stranger, '/sign-in')
    expect(await stranger.send('Sign in')).toBe(422)
    await stranger.assertFine()
    for (let tries = 0; tries < 5; tries++)
      expect(await stranger.signIn(`ghost${width}@demo.test`, 'wrong')).toBe(422)
    expect(await stranger.signIn(`ghost${width}@demo.test`, 'wrong')).toBe(429)
    await stranger.assertFine()
  })

  test('the lists of people and their menus', async () => {
    const dana = await admin(app, { width })
    for (const path of [
      '/fieldworkers',
      '/fieldworkers?status=blocked&verified=yes',
      '/fieldworkers?q=nobody+at+all',
    ])
      await fine(dana, path)
    for (const name of [worker(6).name, 'Olivia Hart']) {
      await dana.goTo(`/settings/company/users?q=${encodeURIComponent(name)}`)
      await openFine(dana, `Actions for ${name}`)
    }
    await openFine(dana, 'Dana Whitlock')
    await openFine(dana, 'Menu')
  })

  test('a profile, and a person’s own account', async () => {
    const dana = await admin(app, { width })
    await dana.link(worker(6).name).click()
    await dana.assertFine()
    await openFine(dana, 'Actions')
    await dana.link('Activity').click()
    await dana.page.getByRole('heading', { name: 'No activity yet' }).waitFor()
    await dana.assertFine()
    await fine(dana, '/account/password')
    await dana.fill({ 'Old password': 'wrong', ...good })
    expect(await dana.send('Save')).toBe(422)
    await dana.assertFine()
    await fine(dana, '/confirm-password?next=/fieldworkers')
    await dana.fill({ 'Your password': 'wrong' })
    expect(await dana.send('Continue')).toBe(422)
    await dana.assertFine()
  })

  test('the change of another person’s password, in the dialog and as a page, and the message after it', async () => {
    const target = worker(width === 390 ? 9 : 26)
    const dana = await admin(app, { width })
    await dana.goTo(`/fieldworkers?q=${target.email}`)
    await dana.button(`Actions for ${target.name}`).click()
    const address = (await dana.link('Change password').getAttribute('href')) ?? ''
    await dana.link('Change password').click()
    await dana.page.getByRole('dialog').waitFor()
    await dana.page.getByText('Shown again after you save').waitFor()
    await dana.assertFine()
    await dana.fill(short)
    expect(await dana.send('Save')).toBe(422)
    await dana.page.getByRole('dialog').getByRole('alert').waitFor()
    await dana.assertFine()

    await fine(dana, address)
    await dana.fill(short)
    expect(await dana.send('Save')).toBe(422)
    await dana.page.getByRole('alert').waitFor()
    await dana.page.evaluate('scrollTo(0, 0)') // what is half out of sight is too small a target for axe
    await dana.assertFine()
    await dana.fill(good)
    expect(await dana.send('Save')).toBe(303)
    expect(await notice(dana)).toContain(target.name)
    await dana.assertFine()

    const person = await app.person({ width })
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

  test('the pages that add and edit people and change roles', async () => {
    const target = worker(width === 390 ? 7 : 18)
    const dana = await admin(app, { width })
    for (const path of ['/fieldworkers/new', '/settings/company/users/new']) {
      await fine(dana, path)
      expect(await dana.send('Send invitation')).toBe(422)
      await dana.assertFine()
    }
    const account = await accountOf(dana, target)
    await fine(dana, `${account}/details`)
    await dana.fill({ Name: '', Email: 'worker1@demo.test' })
    expect(await dana.send('Save')).toBe(422)
    await dana.assertFine()
    await fine(dana, `${account}/details`)
    await dana.fill({ Name: 'Overtaken', 'Phone (optional)': '' })
    await administer(
      app.database,
      `update users set phone = '+00 555 ${width}' where email = '${target.email}'`,
    )
    expect(await dana.send('Save')).toBe(422)
    await dana.page.getByText(`Stored now: +00 555 ${width}.`).waitFor()
    await dana.assertFine()
    await fine(dana, `${account}/role`)
    await dana.field('Role').selectOption({ label: 'Dispatcher, their own team' })
    await dana.field('Team').selectOption('None')
    expect(await dana.send('Save')).toBe(422)
    await dana.assertFine()
  })

  test('the import of a file, and the review of a bulk action', async () => {
    const dana = await admin(app, { width })
    await fine(dana, '/fieldworkers/import')
    const rows = ['name,email,phone,team', `Gus Good,gus${width}@demo.test,,`, 'Nan Nowhere,,,', 'Tim Torn']
    const file = { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) }
    await dana.field('File').setInputFiles(file)
    expect(await dana.send('Check the file')).toBe(303)
    await dana.page.getByRole('heading', { name: '2 rows have a fault' }).waitFor()
    await dana.assertFine()
    await dana.goTo('/fieldworkers')
    await dana.page.getByRole('checkbox', { name: 'Select all on this page' }).check()
    expect(await dana.send('Block')).toBe(200)
    await dana.page.getByRole('heading', { name: /^Block \d+ people\?$/ }).waitFor()
    await dana.assertFine()
    await dana.page.getByText('See who').first().click()
    await dana.assertFine()
  })

  test('the settings of the company: roles, security, name and teams', async () => {
    const olivia = await owner({ width })
    await fine(olivia, '/settings/company/roles')
    await olivia.link('Dispatcher').click()
    await olivia.page.getByRole('heading', { name: 'Dispatcher', level: 1 }).waitFor()
    await olivia.assertFine()
    await fine(olivia, '/settings/company/roles/new')
    for (const box of await olivia.page.getByRole('checkbox').all()) {
      await box.focus()
      expect(await liesAbove(box, olivia.page.locator('.savebar'))).toBe(true)
    }
    expect(await olivia.send('Save')).toBe(422)
    await olivia.assertFine()
    await olivia.fill({ Name: `Desk ${width}` })
    await olivia.page.getByRole('checkbox', { name: /: View people$/ }).check()
    expect(await olivia.send('Save')).toBe(303)
    await olivia.link(`Desk ${width}`).click()
    await olivia.page.getByRole('heading', { name: 'Delete this role' }).waitFor()
    await olivia.assertFine()
    await fine(olivia, '/settings/company/security')
    await olivia.fill({ 'Shortest password': '8' })
    expect(await olivia.send('Save')).toBe(422)
    await olivia.assertFine()
    await fine(olivia, '/settings/company/profile')
    await olivia.fill({ Name: '' })
    expect(await olivia.send('Save')).toBe(422)
    await olivia.assertFine()
    await fine(olivia, '/settings/company/teams')
    expect(await olivia.send('Add team')).toBe(422)
    await olivia.assertFine()
    await olivia.page
      .getByRole('row', { name: 'North crew' })
      .getByRole('link', { name: /^Rename/ })
      .click()
    await olivia.page.getByRole('heading', { name: 'Rename North crew' }).waitFor()
    await olivia.assertFine()
  })

  test('the start of an impersonation, and a page under the banner', async () => {
    const target = worker(width === 390 ? 8 : 19)
    const olivia = await owner({ width })
    await fine(olivia, `${await accountOf(olivia, target)}/impersonation`)
    await olivia.fill({ Reason: 'They can’t find Tuesday’s job sheet' })
    expect(await olivia.send(`Login as ${target.name}`)).toBe(303)
    await olivia.page.getByText(`You are working as ${target.name}.`).waitFor()
    await olivia.assertFine()
    await fine(olivia, '/account/activity')
    expect(await olivia.send('Return to my account')).toBe(303)
    await olivia.assertFine()
  })

  test('the page of an invitation, and the profile of a person who has not accepted it yet', async () => {
    const email = `ivy.${width}@demo.test`
    const dana = await admin(app, { width })
    await dana.goTo('/fieldworkers/new')
    await dana.fill({ Name: 'Ivy Invited', Email: email })
    expect(await dana.send('Send invitation')).toBe(303)
    await openFine(dana, 'Actions')
    await fine(dana, `${await accountOf(dana, { name: 'Ivy Invited', email })}/password`, 403)
    const ivy = await app.person({ width })
    await ivy.goTo(await linkIn(app, email, 'invitation'))
    expect(ivy.place).toBe('/invitation')
    await ivy.assertFine()
    await ivy.fill(short)
    expect(await ivy.send('Save')).toBe(422)
    await ivy.assertFine()
  })

  test('the outbox and its emails', async () => {
    const stranger = await app.person({ width })
    await fine(stranger, '/dev/outbox')
    await stranger.link('Your password was changed').first().click()
    await stranger.assertFine()
    await stranger.link('Open the HTML part').click()
    await stranger.assertFine(['region', 'landmark-one-main']) // an email has no landmarks
  })

  test('the error pages, and those of the auditor', async () => {
    const dana = await admin(app, { width })
    await dana.goTo('/settings/company/users')
    const olivia = (await dana.link('Olivia Hart').getAttribute('href')) ?? ''
    await fine(dana, olivia.replace('/fieldworkers/', '/users/') + '/password', 403)
    await fine(dana, '/there/is/nothing', 404)
    const auditor = await app.person({ width })
    await auditor.signIn('auditor@demo.test')
    expect(auditor.place).toBe('/activity-log')
    await auditor.assertFine()
    for (const path of ['/activity-log/evidence', '/email-log', '/verify-evidence.html'])
      await fine(auditor, path)
    await fine(auditor, '/fieldworkers', 403)
  })

  test('the page after too many attempts', async () => {
    const target = worker(width === 390 ? 5 : 16)
    const person = await app.person({ width })
    for (let tries = 0; tries < 5; tries++) expect(await person.signIn(target.email, 'wrong')).toBe(422)
    expect(await person.signIn(target.email)).toBe(429)
    await person.assertFine()
  })
})

test('with seven custom roles, the scope of the edited one can still be read', async () => {
  await administer(
    app.database,
    `insert into roles (name, kind, scope, permissions)
     select 'Own role ' || i, 'office', 'company', '{users.view}' from generate_series(1, 7) i`,
  )
  const olivia = await owner({ width: 1280 })
  for (const path of ['/settings/company/roles/new', '/settings/company/roles']) {
    await olivia.goTo(path)
    if (!path.endsWith('new')) await olivia.link('Own role 7').click()
    const reaches = olivia.page.getByRole('combobox', { name: /reaches$/ })
    expect((await reaches.boundingBox())?.width).toBeGreaterThan(120)
  }
})

async function owner(traits: Parameters<typeof app.person>[0]): Promise<Person> {
  const person = await app.person(traits)
  await person.signIn('owner@demo.test')
  return person
}

/** The address of the actions on a person. */
async function accountOf(person: Person, { name, email }: Worker): Promise<string> {
  await person.goTo(`/fieldworkers?q=${email}`)
  return ((await person.link(name).getAttribute('href')) ?? '').replace('/fieldworkers/', '/users/')
}

/** Whether one part of the page is completely visible above another that is sticky at the bottom. */
async function liesAbove(part: Locator, foot: Locator): Promise<boolean> {
  const [one, other] = [await part.boundingBox(), await foot.boundingBox()]
  return one !== null && other !== null && one.y + one.height <= other.y
}

async function fine(person: Person, path: string, status = 200) {
  expect(await person.goTo(path)).toBe(status)
  await person.assertFine()
}

/** On wide screens the header has no ☰. */
async function openFine(person: Person, name: string) {
  const button = person.button(name)
  if (!(await button.isVisible())) return
  await button.click()
  await person.assertFine()
  await person.page.keyboard.press('Escape')
}
