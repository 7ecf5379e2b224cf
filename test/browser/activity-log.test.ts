import { beforeAll, describe, expect, test } from 'vitest'
import { createBrowserTestApp } from '../support/browser.ts'
import {
  download,
  entries,
  fillLog,
  filter,
  officeUser,
  matching,
  network,
  waitForPageLoad,
  openDetails,
  rowsOf,
} from './log-steps.ts'
import { sizes, fieldError, worker } from './steps.ts'

const app = createBrowserTestApp()
const [auditor, admin] = ['auditor@demo.test', 'admin@demo.test']
const ines = worker(9)
const screens = sizes.flatMap(({ width }) => [true, false].map((script) => ({ width, script })))
beforeAll(() => fillLog(app))

describe.each(screens)('at $width px, script: $script, the activity log', ({ width, script }) => {
  test('can be filtered by category, event, people, days, network and text, and the address has the filter', async () => {
    const aud = await officeUser(app, auditor, { width, script })
    await waitForPageLoad(aud, () => aud.link('Account').click())
    expect(aud.place).toBe('/activity-log?category=account')
    await aud.page.getByRole('heading', { name: 'No entry matches' }).waitFor()
    await waitForPageLoad(aud, () => aud.link('Security events').click())
    await filter(aud, { Event: 'Sessions ended', Actor: 'whitlock', About: 'Ines Cald' })
    expect(await entries(aud).innerText()).toContain(`Dana Whitlock signed ${ines.name} out of 2 devices`)
    const asked = 'event=sessions_ended&actor=whitlock&about=Ines+Cald'
    expect(aud.place.replace(/&\w+=(?=&|$)/g, '')).toBe(`/activity-log?category=security&${asked}`)
    if (script) expect(aud.place).toMatch(/Cald$/)

    await aud.goTo(aud.place)
    expect(await aud.field('About').inputValue()).toBe('Ines Cald')
    expect(await matching(aud)).toBe(1)
    await waitForPageLoad(aud, () => aud.link('Show all').click())
    expect(aud.place).toBe('/activity-log')

    await filter(aud, { IP: network, 'Text in names, addresses and details': 'lost phone' })
    expect(await matching(aud)).toBe(1)
    await openDetails(aud)
    await aud.assertFine()
    await filter(aud, { From: '2025-01-01', To: '2025-01-31' })
    expect(await matching(aud)).toBe(0)
  })

  test('can be read page by page, and each entry in every detail', async () => {
    const aud = await officeUser(app, auditor, { width, script })
    await filter(aud, { IP: network })
    expect(await matching(aud)).toBe(62)
    const [newest] = await entries(aud).allInnerTexts()
    expect(newest).toContain('Olivia Hart as Aud Solberg exported 212 entries')
    expect(newest).toContain('Security events, from 1 Mar 2026 to 9 Mar 2026, as CSV.')
    await waitForPageLoad(aud, () => aud.link('Older').click())
    expect(await entries(aud).count()).toBe(12)
    await waitForPageLoad(aud, () => aud.link('Newer').click())
    expect(await entries(aud).count()).toBe(50)

    await openDetails(aud)
    const details = entries(aud).first().locator('details')
    expect(await details.innerText()).toMatch(/Impersonator\s+Olivia Hart, owner@demo\.test/)
    expect(await details.innerText()).toMatch(/Hash\s+[0-9a-f]{64}/)
    await waitForPageLoad(aud, () => aud.link(ines.name).first().click())
    expect(await aud.field('About').inputValue()).toBe(ines.email)
  })

  test('shows next to the field what is wrong with a filter, and keeps the rest', async () => {
    const aud = await officeUser(app, auditor, { width, script })
    await filter(aud, { About: 'Nobody Atall', IP: network })
    expect(await aud.page.title()).toMatch(/^Error: /)
    expect(await fieldError(aud, 'About')).toContain('Nobody here is called “Nobody Atall”')
    expect(await aud.page.evaluate('document.activeElement.name')).toBe('about')
    expect(await aud.field('IP').inputValue()).toBe(network)
    expect(await aud.link('Export CSV').count()).toBe(0)
    const tops = await aud.page.locator('.filter > :is(input, select)').evaluateAll(topsOf)
    expect(new Set(tops).size).toBe(width === 390 ? 3 : 1)
    await aud.assertFine()
    await waitForPageLoad(aud, () => aud.link('Security events').click())
    expect(await matching(aud)).toBe(62)
  })
})

const topsOf = (fields: { getBoundingClientRect: () => { top: number } }[]) =>
  fields.map((field) => Math.round(field.getBoundingClientRect().top))

describe.each(sizes)('at $width px', ({ width }) => {
  test('suggests a name while someone types', async () => {
    const aud = await officeUser(app, auditor, { width })
    await filter(aud, { Event: 'Sign-in' })
    await aud.field('Actor').pressSequentially('ines')
    await aud.page.locator(`#actor-people option[value="${ines.email}"]`).waitFor({ state: 'attached' })
    await filter(aud, { Actor: ines.email })
    expect(await matching(aud)).toBe(60)
  })

  test('a view can be exported as CSV, and as evidence that the verification page accepts', async () => {
    const aud = await officeUser(app, auditor, { width })
    await filter(aud, { About: ines.email, Event: 'Sign-in' })
    const csv = await download(aud, 'Export CSV')
    expect(csv.name).toMatch(/^activity-\d{8}\.csv$/)
    const rows = rowsOf(csv.bytes)
    expect(rows).toHaveLength(60)
    expect(rows[0]).toMatchObject({ event: 'sign_in', subject_email: ines.email, ip: network })

    const pack = await download(aud, 'Evidence pack')
    await aud.link('How you can check it').click()
    const fingerprint = await aud.page.locator('.keys th .hash').first().innerText()
    await aud.link('the page that checks packs').click()
    const chosen = { name: pack.name, mimeType: 'application/zip', buffer: pack.bytes }
    await aud.field('Evidence pack').setInputFiles(chosen)
    await aud.fill({ 'Fingerprint of the key': fingerprint })
    await aud.button('Check').click()
    const verdict = aud.page.getByRole('status').filter({ hasText: 'genuine' })
    await verdict.waitFor()
    expect(await verdict.innerText()).toContain('its 60 rows are exactly what was exported')
  })

  test('an Admin sets how long entries are kept, and rotates the key', async () => {
    const dana = await officeUser(app, admin, { width })
    await dana.goTo('/activity-log/evidence')
    await dana.fill({ 'Months to keep': '12' })
    expect(await dana.send('Save')).toBe(422)
    expect(await fieldError(dana, 'Months to keep')).toContain('Keep at least 13 months')
    await dana.assertFine()
    await dana.fill({ 'Months to keep': '24' })
    expect(await dana.send('Save')).toBe(303)
    await dana.page.getByRole('status').filter({ hasText: 'Entries are kept for 24 months' }).waitFor()
    const keys = await dana.page.locator('.keys tbody tr').count()
    expect(await dana.send('Rotate key')).toBe(303)
    await dana.page.getByRole('status').filter({ hasText: 'The key was rotated' }).waitFor()
    expect(await dana.page.locator('.keys tbody tr').count()).toBe(keys + 1)
  })

  test('a profile shows what was done to the account, and a name in the log links to it', async () => {
    const dana = await officeUser(app, admin, { width })
    await dana.goTo(`/activity-log?about=${ines.email}`)
    await waitForPageLoad(dana, () => dana.link(ines.name).first().click())
    await waitForPageLoad(dana, () => dana.link('Activity').click())
    await dana.page.getByRole('heading', { name: ines.name, level: 1 }).waitFor()
    expect(await entries(dana).count()).toBe(50)
    await waitForPageLoad(dana, () => dana.link('Filter or export it in the activity log').click())
    expect(await dana.field('About').inputValue()).toBe(ines.email)
  })

  test('the email log shows what happened to an email', async () => {
    const dana = await officeUser(app, admin, { width })
    await dana.goTo(`/fieldworkers?q=${worker(17).email}`)
    await dana.button(`Actions for ${worker(17).name}`).click()
    await dana.send('Send reset link')
    await app.emailTo(worker(17).email, 'password_reset')
    const aud = await officeUser(app, auditor, { width })
    await aud.goTo('/email-log')
    await aud.field('Search emails by recipient').fill(worker(17).name)
    await waitForPageLoad(aud, () => aud.page.keyboard.press('Enter'))
    const mail = aud.page.getByRole('row', { name: worker(17).email }).first()
    expect(await mail.innerText()).toMatch(/Password reset[\s\S]*Sent/)
    await aud.goTo('/email-log?status=lost')
    expect(await fieldError(aud, 'State')).toBe('Choose an option.')
    await aud.assertFine()
  })
})
