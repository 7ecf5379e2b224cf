import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, password, type Person } from '../support/browser.ts'
import { superuserOf } from '../support/database.ts'
import { administer } from '../support/test-server.ts'
import { admin, entryPoints, notice, sizes, worker, type Worker } from './steps.ts'

const app = createBrowserTestApp()
const handOver = ({ page }: Person) => page.getByRole('dialog', { name: /^Hand over to / })

/** Saves what is drawn in the dialog, or what is typed, and gives the words that are shown then. */
async function save(office: Person, target: Worker, typed?: string): Promise<string> {
  await entryPoints['A, the list of fieldworkers'](office, target)
  await office.link('Change password').click()
  await office.page.getByText('Shown again after you save').waitFor()
  if (typed) await office.fill({ 'New password': typed, 'Confirm new password': typed })
  const words = await office.field('New password').inputValue()
  expect(await office.send('Save')).toBe(303)
  await handOver(office).waitFor()
  return words
}

const focused = ({ page }: Person) => page.evaluate<string>('document.activeElement.innerText.trim()')
const message = ({ page }: Person) => page.locator('.message').textContent()

describe.each(sizes)('at $width px, after a password was saved', ({ width }) => {
  const someone = (at: number) => worker([5, 6, 7, 8, 16, 17, 18, 19][at * 2 + (width === 390 ? 0 : 1)]!)

  test('its words are shown, each spelled, until Done', async () => {
    const target = someone(0)
    const office = await admin(app, { width })
    await office.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const words = await save(office, target)
    const parts = words.split(' ')
    const shown = await handOver(office).getByRole('listitem').allInnerTexts()
    expect(shown.map((line) => line.split(/\s+/)[0])).toEqual(parts)
    const [first = '', , , , digits = ''] = parts
    expect(shown[0]?.replace(/\s+/g, ' ')).toBe(`${first} ${[...first.toUpperCase()].join(' ')}`)
    const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
    expect(shown[4]).toContain([...digits].map((digit) => names[Number(digit)]).join(', '))
    expect(await handOver(office).innerText()).toMatch(/Expires tomorrow at \d\d:\d\d if it is not used/)
    expect(await handOver(office).innerText()).toMatch(
      /Leaves this screen at \d\d:\d\d\. Nobody can show it again\./,
    )
    await office.assertFine()

    expect(await focused(office)).toBe('Copy message')
    expect(
      await office.page.evaluate('document.activeElement.querySelector("[aria-live=polite]").textContent'),
    ).toBe('Copy message')
    await office.page.keyboard.press('Enter')
    await expect.poll(() => focused(office)).toBe('Copied')
    const copied = await office.page.evaluate<string>('navigator.clipboard.readText()')
    expect(copied).toBe(await message(office))
    const [hello, where] = copied.split('\n')
    const name = target.name.split(' ')[0]
    expect(hello).toBe(`Hello ${name}, your temporary Fieldkey password is: ${words}`)
    expect(where).toMatch(
      /^Sign in at http:\/\/\S+ and choose your own\. It expires \d+ \w+ \d{4} at \d\d:\d\d\.$/,
    )
    await handOver(office).getByText('What the message says').click()
    await office.page.locator('.message').waitFor()
    await office.assertFine()

    await office.page.keyboard.press('Escape')
    expect(await focused(office)).toBe('Done')
    await office.page.keyboard.press('Enter')
    expect(await handOver(office).count()).toBe(0)
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
    expect(await (await app.person({ width })).signIn(target.email, words)).toBe(303)
  })

  test('it can be texted to who has a number, in the form that iOS and Android read', async () => {
    const office = await admin(app, { width })
    await save(office, someone(1))
    const href = (await office.link('Text it').getAttribute('href')) ?? ''
    expect(href).toMatch(/^sms:\+\d+\?&body=[^ &]+$/)
    expect(decodeURIComponent(href.replace(/^.*body=/, ''))).toBe(await message(office))
    await office.button('Done').click()
    await administer(app.database, `update users set phone = null where email = '${someone(1).email}'`)
    await save(office, someone(1))
    expect(await office.link('Text it').count()).toBe(0)
  })

  test('a slip is printed, and nothing beside it', async () => {
    const target = someone(2)
    const office = await admin(app, { width })
    await office.page.evaluate('window.print = () => { document.title = "printed" }')
    await entryPoints['A, the list of fieldworkers'](office, target)
    const words = await save(office, target)
    await office.page.evaluate('window.print = () => { document.title = "printed" }')
    await office.button('Print a slip').click()
    expect(await office.page.title()).toBe('printed')
    expect(await office.page.locator('.slip').isVisible()).toBe(false)
    await office.page.emulateMedia({ media: 'print' })
    expect(await handOver(office).isVisible()).toBe(false)
    const slip = await office.page.locator('body').innerText()
    expect(slip).toContain(words)
    for (const part of ['Demo Field Services', target.name, target.email, 'tear this slip up', 'Expires '])
      expect(slip).toContain(part)
    expect(slip).not.toContain('Add fieldworker')
  })

  test('a password of one’s own that lasts is spelled sign by sign, and nothing says that it expires', async () => {
    const office = await admin(app, { width })
    await entryPoints['A, the list of fieldworkers'](office, someone(3))
    await office.link('Change password').click()
    await office.page.getByText('Shown again after you save').waitFor()
    await office.page.getByRole('checkbox', { name: 'Ask them to choose' }).setChecked(false)
    const typed = 'Walnut-4 ferry $& lamp'
    await office.fill({ 'New password': typed, 'Confirm new password': typed })
    expect(await office.send('Save')).toBe(303)
    await handOver(office).waitFor()
    const shown = await handOver(office).innerText()
    expect(shown).toContain('capital W, small a, small l, small n, small u, small t, hyphen, four')
    expect(shown).toContain('F E R R Y')
    expect(shown).toContain('capitals, signs and spaces count')
    expect(shown).not.toMatch(/[Ee]xpires|temporary|lower case/)
    expect(await message(office)).toMatch(/password is: Walnut-4 ferry \$& lamp\nSign in at http:\/\/\S+\.$/)
    await office.assertFine()
  })
})

/** Every way in which two or more of the words could stand anywhere next to each other. */
const traceOf = (words: string) => {
  const pairs = words.split(' ').slice(0, -1)
  return new RegExp(
    pairs
      .slice(1)
      .map((word, at) => `${pairs[at]}[^a-z]{1,12}${word}`)
      .join('|'),
    'i',
  )
}

/** All that the browser keeps: page, forms, storage, history, caches, cookies. */
const keptInPage = `(async () => {
  const caches_ = await Promise.all((await caches.keys()).map(async (name) => {
    const cache = await caches.open(name)
    return Promise.all((await cache.keys()).map(async ({ url }) => url + await (await cache.match(url)).text()))
  }))
  const fields = [...document.querySelectorAll('input, textarea, output')].map((field) => field.value)
  const templates = [...document.querySelectorAll('template')].map((template) => template.innerHTML)
  const addresses = performance.getEntries().map(({ name }) => name)
  const places = navigation.entries().map((entry) => entry.url + JSON.stringify(entry.getState() ?? null))
  return JSON.stringify([document.documentElement.outerHTML, document.title, location.href, history.state, name, fields, templates,
    { ...localStorage }, { ...sessionStorage }, await indexedDB.databases(), caches_, addresses, places, document.cookie])
})()`
const keptByBrowser = async ({ page, context }: Person) =>
  (await page.evaluate<string>(keptInPage)) + JSON.stringify(await context.storageState({ indexedDB: true }))

/** Every row of every table of the database, as text. */
async function database(): Promise<string> {
  const client = new pg.Client({ connectionString: superuserOf(app.database) })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    )
    const all: string[] = []
    for (const { name } of rows) {
      const found = await client.query<{ row: string }>(`select t::text as row from ${name} t`)
      all.push(...found.rows.map(({ row }) => row))
    }
    return all.join('\n')
  } finally {
    await client.end()
  }
}

describe('the words of a temporary password leave no trace (row 216)', () => {
  const ends: Record<string, (office: Person) => Promise<unknown>> = {
    'after Done': (office) => office.button('Done').click(),
    'after Back and Forward': async (office) => {
      await office.page.goBack()
      await office.page.goForward()
    },
    'on a page that the browser keeps for Back': (office) =>
      office.page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`),
    'after two minutes': async (office) => {
      await office.page.clock.fastForward(119_000)
      expect(await handOver(office).count()).toBe(1)
      await office.page.clock.fastForward(2_000)
    },
  }

  test.each(Object.keys(ends))('%s', async (end) => {
    const target = worker([9, 20, 22, 24][Object.keys(ends).indexOf(end)]!)
    const office = await admin(app, { width: 1280 })
    if (end.includes('minutes')) await office.page.clock.install()
    await office.page.reload()
    const words = await save(office, target)
    const trace = traceOf(words)
    expect(await keptByBrowser(office), 'while it is shown').toMatch(trace)
    await ends[end]?.(office)
    await handOver(office).waitFor({ state: 'detached' })
    expect(await keptByBrowser(office)).not.toMatch(trace)

    await app.emailTo(target.email, 'password_changed_by_office')
    const [rows, output] = [await database(), app.server.output()]
    expect(rows).toContain(target.email)
    expect(rows).not.toMatch(trace)
    expect(output).toContain('/password')
    expect(output).not.toMatch(trace)
    expect(await (await app.person()).signIn(target.email, words)).toBe(303)
  })
})

test('a save that did not succeed hands nothing over', async () => {
  const office = await admin(app, { width: 1280 })
  await entryPoints['A, the list of fieldworkers'](office, worker(26))
  await office.link('Change password').click()
  await office.page.getByText('Shown again after you save').waitFor()
  const words = await office.field('New password').inputValue()
  const demoted = `update users set role_id = (select id from roles where name = 'Auditor') where email = 'admin@demo.test'`
  await administer(app.database, demoted)
  await office.button('Save').click()
  await office.fill({ 'Your password': password }) // another role has to prove it again
  const saved = office.page.waitForResponse((answer) => /\/users\/\S+\/password$/.test(answer.url()))
  await office.button('Continue').click()
  expect((await saved).status()).toBe(403)
  await office.page.locator('#sheet-title').waitFor({ state: 'detached' }) // the page of the refusal has come
  await office.page.getByRole('heading', { level: 1 }).waitFor()
  expect(await handOver(office).count()).toBe(0)
  expect(await keptByBrowser(office)).not.toMatch(traceOf(words))
})
