import { expect, test } from 'vitest'
import { admin, worker } from '../browser/steps.ts'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { picture, quietly } from './camera.ts'

const app = createBrowserTestApp()
const [elif, grace] = [worker(5), worker(7)]
const passphrase = 'granite 19 saddle moth'

test('the list, its menu and its dialog', async () => {
  const dana = await admin(app, { width: 1280 })
  await dana.button(`Actions for ${elif.name}`).click()
  await picture(dana, 'actions')
  await dana.link('Change password').click()
  await dana.page.getByRole('dialog').waitFor()
  await dana.fill({ 'New password': passphrase, 'Confirm new password': passphrase })
  await dana.page.locator('[data-reveal=newPassword]').click()
  await dana.page.getByText('22 characters').waitFor()
  await picture(dana, 'change-password')
  await dana.button('Save').click()
  await dana.page.getByRole('dialog').waitFor({ state: 'detached' })
  await dana.link(elif.name).first().click()
  await dana.page.getByRole('heading', { name: elif.name, level: 1 }).waitFor()
  await picture(dana, 'profile')
  await dana.goTo('/activity-log')
  await picture(dana, 'activity-log')
})

test('many people at once, and an import', async () => {
  const dana = await admin(app, { width: 1280 })
  for (const { name } of [worker(8), worker(9)])
    await dana.page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check()
  await picture(dana, 'many-at-once')
  await dana.goTo('/fieldworkers/import')
  const rows = ['name,email,phone,team', 'Ana Sousa,ana@demo.test,,Valley crew', 'Ben Adler,,,Moon crew']
  const file = { name: 'season.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) }
  await dana.field('File').setInputFiles(file)
  await dana.send('Check the file')
  await picture(dana, 'import')
})

test('a campaign and the automations', async () => {
  const dana = await admin(app, { width: 1280 })
  const crew = [16, 17, 18, 19, 20].map(worker)
  for (const { name } of crew)
    await dana.page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check()
  await dana.send('Send “Reset your password” email')
  await dana.send('Send to 5 people')
  await shows(dana, '5 sent')
  const { link } = await app.emailTo(crew[0]?.email ?? '', 'canned_response')
  const priya = await app.person({ phone: true })
  await priya.goTo(new URL(link ?? '').pathname)
  await picture(priya, 'phone-reset')
  await priya.fill({
    'New password': 'walnut ferry 31 canvas',
    'Confirm new password': 'walnut ferry 31 canvas',
  })
  await priya.send('Save')
  await shows(dana, '1 changed')
  await quietly(dana)
  await picture(dana, 'campaign')
  await dana.goTo('/automations/security')
  await picture(dana, 'automations')
})

test('impersonation', async () => {
  const olivia = await app.person({ width: 1280 })
  await olivia.signIn('owner@demo.test')
  await olivia.goTo('/fieldworkers')
  await olivia.button(`Actions for ${grace.name}`).click()
  await olivia.link('Login as this user').click()
  await olivia.fill({ Reason: 'They can’t find Tuesday’s job sheet' })
  await olivia.send(`Login as ${grace.name}`)
  await picture(olivia, 'login-as')
})

test('the pages of the fieldworker', async () => {
  const elsewhere = await app.person({ phone: true })
  await elsewhere.goTo('/sign-in')
  await picture(elsewhere, 'phone-sign-in')
  await elsewhere.signIn(elif.email, passphrase)
  await picture(elsewhere, 'phone-choose')
  const home = await app.person({ phone: true })
  await home.signIn(worker(2).email)
  await picture(home, 'phone-home')
  const { html } = await app.emailTo(elif.email, 'password_changed_by_office')
  const reader = await app.person({ phone: true })
  await reader.page.setContent(html)
  await picture(reader, 'phone-email')
})

/** The page of a campaign updates by itself. */
const shows = ({ page }: Person, words: string) =>
  expect.poll(() => page.getByRole('img', { name: words }).count(), { timeout: 20_000 }).toBe(1)
