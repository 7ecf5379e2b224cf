import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { admin, sizes, worker } from './steps.ts'

const app = createBrowserTestApp()

const combobox = ({ page }: Person) => page.locator('.finder input[role=combobox]')
const options = ({ page }: Person) => page.locator('main [role=option]:visible')
const names = async (person: Person) => person.page.locator('[role=option] b').allInnerTexts()
const heading = ({ page }: Person) => page.getByRole('heading', { level: 1 })
const focusedName = ({ page }: Person) =>
  page.evaluate<string>(
    `document.activeElement.labels?.[0]?.textContent ?? document.activeElement.getAttribute('aria-label')`,
  )

/** Types with the keyboard, and waits for what a screen reader is told. */
async function type(person: Person, text: string, said: RegExp) {
  await person.page.keyboard.type(text)
  await person.page.getByRole('status').filter({ hasText: said }).waitFor({ state: 'attached' })
}

/** Scripts listen once the page has loaded all of them. */
const loaded = ({ page }: Person) => page.waitForLoadState('networkidle')

describe.each(sizes)('by keyboard alone, at $width px', ({ width }) => {
  test('the search of a list has the focus, “/” leads back to it, and Enter opens the only hit', async () => {
    const dana = await admin(app, { width })
    await loaded(dana)
    expect(await focusedName(dana)).toBe('Search fieldworkers')
    await dana.page.keyboard.press('Escape')
    expect(await focusedName(dana)).not.toBe('Search fieldworkers')
    await dana.page.keyboard.press('/')
    expect(await focusedName(dana)).toBe('Search fieldworkers')
    await type(dana, 'quist nora', /^1 person found$/)
    expect(await names(dana)).toEqual(['Nora Quist'])
    await dana.assertFine()
    await dana.page.keyboard.press('Enter')
    await heading(dana).filter({ hasText: 'Nora Quist' }).waitFor()
    expect(dana.place).toMatch(/^\/fieldworkers\/[\w-]+$/)
  })

  test('Enter right after the last key waits for the answer', async () => {
    const dana = await admin(app, { width })
    await loaded(dana)
    await dana.page.keyboard.type('nora quist')
    await dana.page.keyboard.press('Enter')
    await heading(dana).filter({ hasText: 'Nora Quist' }).waitFor()
  })

  test('arrows choose among several, Escape closes, Shift and Enter change the password', async () => {
    const dana = await admin(app, { width })
    await loaded(dana)
    const { keyboard } = dana.page
    await type(dana, 'demo.test', /people found$/)
    expect(await options(dana).count()).toBe(10)
    expect(await combobox(dana).getAttribute('aria-expanded')).toBe('true')
    await keyboard.press('Escape')
    expect(await options(dana).count()).toBe(0)
    expect(await combobox(dana).getAttribute('aria-expanded')).toBe('false')
    expect(await focusedName(dana)).toBe('Search fieldworkers')
    await keyboard.press('ArrowDown')
    await keyboard.press('ArrowDown')
    await keyboard.press('ArrowDown')
    await keyboard.press('ArrowUp')
    const selected = dana.page.locator('[role=option][aria-selected=true]')
    const name = (await names(dana))[1] ?? ''
    expect(await selected.locator('b').innerText()).toBe(name)
    expect(await combobox(dana).getAttribute('aria-activedescendant')).toBe(await selected.getAttribute('id'))
    await dana.assertFine(['target-size']) // of links that the hits lie on
    await keyboard.press('Shift+Enter')
    await dana.page.waitForURL(/\/users\/[\w-]+\/password\?returnTo=%2Ffieldworkers$/)
    await dana.page.getByText(name).first().waitFor()
  })

  test('the link to all leads to a list with as many', async () => {
    const dana = await admin(app, { width })
    await loaded(dana)
    await type(dana, 'crew', /^Nobody found/)
    await dana.assertFine()
    await dana.page.keyboard.press('Control+a')
    await type(dana, 'worker1', /people found$/)
    const all = dana.page.getByRole('link', { name: /^All \d+ in the list$/ })
    const count = (await all.innerText()).replace(/\D/g, '')
    await dana.page.keyboard.press('Tab')
    expect(await dana.page.evaluate('document.activeElement.textContent')).toBe(await all.innerText())
    await dana.page.keyboard.press('Enter')
    await dana.page.getByText(`${count} people found`).waitFor()
    expect(dana.place).toBe('/settings/company/users?q=worker1')
  })

  test('“/” opens the search on any other page, and is typed in a field', async () => {
    const dana = await admin(app, { width })
    await dana.goTo('/settings/company/security')
    await loaded(dana)
    await dana.page.keyboard.press('/')
    await dana.page.getByRole('dialog', { name: 'Find a person' }).waitFor()
    expect(await focusedName(dana)).toBe('Find a person')
    await type(dana, 'sam/', /people found$|^1 person found$/)
    expect(await combobox(dana).inputValue()).toBe('sam/')
    await dana.assertFine()
    await dana.page.keyboard.press('Escape')
    await dana.page.getByRole('dialog').waitFor({ state: 'detached' })

    await dana.goTo('/settings/company/profile')
    await loaded(dana)
    const field = dana.page.locator('main input[type=text], main input:not([type])').first()
    await field.focus()
    await dana.page.keyboard.press('/')
    expect(await field.inputValue()).toContain('/')
    expect(await dana.page.getByRole('dialog').count()).toBe(0)
    await dana.page.locator('body').click({ position: { x: 2, y: 300 } })
    await dana.link('Find a person').focus()
    await dana.page.keyboard.press('Enter')
    await dana.page.getByRole('dialog', { name: 'Find a person' }).waitFor()
  })

  test('the key in a row of the list opens the change of that password', async () => {
    const target = worker(17)
    const dana = await admin(app, { width })
    await loaded(dana)
    await dana.link(`Change password of ${target.name}`).focus()
    await dana.page.keyboard.press('Enter')
    await dana.page.getByRole('dialog', { name: 'Change password' }).getByText(target.name).first().waitFor()
  })

  test('a dispatcher is told of their own team', async () => {
    const dispatcher = await app.person({ width })
    await dispatcher.signIn('dispatcher@demo.test')
    await loaded(dispatcher)
    await type(
      dispatcher,
      'nobody at all',
      /^Nobody in \w+ crew\. They may be in another team: ask an Admin\.$/,
    )
    await dispatcher.assertFine()
  })
})

test('without script the same field opens the list, and “Find” leads to it', async () => {
  const dana = await admin(app, { script: false })
  await dana.field('Search fieldworkers').fill('quist nora')
  await dana.page.keyboard.press('Enter')
  await dana.page.getByText('1 person found').waitFor()
  expect(dana.place).toMatch(/^\/fieldworkers\?q=quist\+nora/)
  await dana.link('Nora Quist').click()
  await dana.link('Find a person').click()
  expect(dana.place).toBe('/settings/company/users')
})
