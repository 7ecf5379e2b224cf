import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { administer } from '../support/test-server.ts'
import { statusText } from './own-steps.ts'
import { admin, sizes, worker } from './steps.ts'

const app = createBrowserTestApp()
const header = 'name,email,phone,team'

describe.each(sizes)('at $width px the office', ({ width }) => {
  const crew = `season${width}.test`
  const [one, other] = width === 390 ? [worker(7), worker(8)] : [worker(16), worker(17)]

  test('selects two people, reviews the action, and deactivates them', async () => {
    const dana = await admin(app, { width })
    for (const { name } of [one, other]) await tick(dana, name)
    await dana.page.evaluate('scrollTo(0, 0)') // so that no box is half under the bar
    await dana.assertFine()
    expect(await dana.send('Deactivate')).toBe(200)
    await seen(dana, 'Deactivate 2 people?')
    expect(await main(dana)).toContain(`${one.name}, ${other.name}`)
    expect(await main(dana)).toContain('Nothing is changed yet')
    await dana.assertFine()

    expect(await dana.send('Deactivate 2 people')).toBe(303)
    expect(dana.place).toBe('/fieldworkers')
    expect(await statusText(dana)).toContain('2 deactivated')
    await dana.assertFine()
    for (const { email } of [one, other]) await standsAlone(dana, email, 'Inactive')
    const theirs = await app.person({ width })
    expect(await theirs.signIn(one.email)).toBe(422)
  })

  test('sees a message when the action applies to nobody, and goes back', async () => {
    const dana = await admin(app, { width })
    for (const { name } of [one, other]) await tick(dana, name)
    expect(await dana.send('Unblock')).toBe(200)
    await seen(dana, 'Nobody here can be unblocked')
    expect(await main(dana)).toContain('They are not blocked')
    await dana.assertFine()
    await dana.link('Back to the list').click()
    await seen(dana, 'Fieldworkers')
  })

  test('checks a file first, and reads which lines have an error and why', async () => {
    const dana = await admin(app, { width })
    await dana.goTo('/fieldworkers')
    await dana.link('Import').click()
    await seen(dana, 'Import fieldworkers')
    await dana.assertFine()
    expect(await dana.send('Check the file')).toBe(422)
    await dana.page.getByText('Choose a file first.').waitFor()
    await dana.assertFine()

    const rows = [`Gus Good,gus@${crew},,North crew`, 'Nan Nowhere,,,', `Tim Teamless,tim@${crew},,Moon crew`]
    expect(await send(dana, `bad-${width}.csv`, rows)).toBe(303)
    await seen(dana, `bad-${width}.csv`)
    await dana.page.getByRole('heading', { name: 'Nobody is added yet' }).waitFor()
    expect(await line(dana, 3)).toContain('The address is missing')
    expect(await line(dana, 4)).toContain('There is no team “Moon crew”')
    await dana.assertFine()
    await dana.goTo(`/fieldworkers?q=${crew}`)
    await dana.page.getByRole('heading', { name: 'Nobody matches' }).waitFor()
  })

  test('ticks the teams that an import may create, and finds its people in them', async () => {
    const dana = await admin(app, { width })
    await dana.goTo('/fieldworkers/import')
    const teams = [`Tide crew ${width}`, `Dune crew ${width}`]
    const rows = teams.map((team, i) => `Coast Hand ${i},coast${i}@coast${width}.test,,${team}`)
    expect(await send(dana, `coast-${width}.csv`, rows)).toBe(303)
    await dana.page.getByText('See each team').click()
    await dana.assertFine()
    expect(await dana.send('Import what is ticked')).toBe(422)
    await dana.page.getByText('Tick what to do, or choose another file.').waitFor()
    await dana.assertFine()
    await dana.page.getByRole('checkbox', { name: `Create 2 teams: ${teams[1]}, ${teams[0]}` }).check()
    expect(await dana.send('Import what is ticked')).toBe(303)
    await dana.page.getByText('2 people imported, 2 teams created').waitFor()
    await dana.assertFine()
    await standsAlone(dana, `coast0@coast${width}.test`, 'Invited')
    await dana.goTo('/settings/company/teams')
    await dana.page.getByRole('rowheader', { name: teams[0], exact: true }).waitFor()
  })

  test('reads each change of people who are there, old and new, and ticks to make them', async () => {
    const dana = await admin(app, { width })
    await dana.goTo('/fieldworkers/import')
    const [there, moved] = width === 390 ? [worker(19), worker(20)] : [worker(22), worker(24)]
    const rows = [
      `${there.name},${there.email},+44 20 7946 0${width},`,
      `${moved.name} Jr,${moved.email},,Harbour crew`,
    ]
    expect(await send(dana, `update-${width}.csv`, rows)).toBe(303)
    const change = dana.page.getByRole('row', { name: there.name })
    expect(await change.first().innerText()).toContain(`+44 20 7946 0${width}`)
    await dana.assertFine()
    await dana.page.getByRole('checkbox', { name: 'Update 2 people who are there' }).check()
    expect(await dana.send('Import what is ticked')).toBe(303)
    await dana.page.getByText('2 people updated').waitFor()
    await dana.assertFine()
    await dana.goTo(`/fieldworkers?q=${moved.email}`)
    await dana.link(`${moved.name} Jr`).waitFor()
  })

  test('imports a valid file, follows it to the end without a reload, and finds its people in the list', async () => {
    const dana = await admin(app, { width })
    await dana.goTo('/fieldworkers/import')
    const rows = Array.from(
      { length: 60 },
      (_, i) => `Season Hand ${i + 1},hand${i + 1}@${crew},,Valley crew`,
    )
    expect(await send(dana, `season-${width}.csv`, rows)).toBe(303)
    await dana.assertFine()
    expect(await dana.send('Import and invite 60 people')).toBe(303)
    await dana.page.getByText('60 people imported').waitFor()
    await dana.assertFine()
    await dana.link('See who is invited').click()
    await seen(dana, 'Fieldworkers')
    expect(dana.place).toBe('/fieldworkers?status=invited')
    await dana.assertFine()
    await standsAlone(dana, `hand60@${crew}`, 'Invited')
    const { text } = await app.emailTo(`hand60@${crew}`, 'invitation')
    expect(text).toContain('Dana Whitlock, Admin')
  })

  test('deactivates everyone who matches a filter, on all pages, and reads who was skipped', async () => {
    await letIn(crew, 55)
    const dana = await admin(app, { width })
    await dana.goTo(`/fieldworkers?q=${crew}`)
    await dana.page.getByRole('checkbox', { name: 'Select all on this page' }).check()
    await dana.page.getByRole('checkbox', { name: 'All 60' }).check()
    await dana.assertFine()
    expect(await dana.send('Deactivate')).toBe(200)
    await seen(dana, 'Deactivate 55 people?')
    expect(await main(dana)).toContain('Of 60 people that you chose')
    await dana.page.getByText('See who').first().click()
    await dana.assertFine()

    expect(await dana.send('Deactivate 55 people')).toBe(303)
    expect(dana.place).toBe(`/fieldworkers?q=${crew}`)
    expect(await statusText(dana)).toContain('55 deactivated, 5 skipped: invited')
    await dana.assertFine()
    await dana.page
      .getByRole('navigation', { name: 'Status' })
      .getByRole('link', { name: /^Inactive 55$/ })
      .waitFor()
  })
})

const seen = ({ page }: Person, name: string) =>
  page.getByRole('heading', { name, level: 1, exact: true }).waitFor()
const main = ({ page }: Person) => page.locator('main').innerText()
const tick = ({ page }: Person, name: string) =>
  page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check()
const line = ({ page }: Person, number: number) =>
  page
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name: String(number), exact: true }) })
    .innerText()

/** Sends a file of these rows to be checked. */
async function send(person: Person, name: string, rows: string[]): Promise<number> {
  const buffer = Buffer.from([header, ...rows, ''].join('\n'))
  await person.field('File').setInputFiles({ name, mimeType: 'text/csv', buffer })
  return person.send('Check the file')
}

/** The person that the list finds by an address, and their status. */
async function standsAlone(person: Person, email: string, status: string) {
  await person.goTo(`/fieldworkers?q=${email}`)
  await person.page.getByRole('row', { name: email }).getByText(status, { exact: true }).waitFor()
}

/** Makes this number of imported people look as if they had accepted their invitation. */
const letIn = (crew: string, count: number) =>
  administer(
    app.database,
    `update users set status = 'active'
     where id in (select id from users where email like '%@${crew}' order by email limit ${count})`,
  )
