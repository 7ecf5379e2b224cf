import { expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { admin, sizes } from './steps.ts'

const app = createBrowserTestApp()
const switchOf = ({ page }: Person) => page.getByRole('switch', { name: 'Use these keys in this browser' })
const list = ({ page }: Person) => page.getByRole('dialog', { name: 'Keyboard shortcuts' })

/** Presses one key after another, away from any field. */
async function press(person: Person, ...keys: string[]) {
  await person.page.locator('[data-shortcuts]:not([hidden])').waitFor({ state: 'attached' })
  await person.page.evaluate('document.activeElement.blur()')
  for (const key of keys) await person.page.keyboard.press(key)
}

test.each([
  ['t', '/today'],
  ['f', '/fieldworkers'],
  ['l', '/activity-log'],
])('“g %s” leads to %s', async (key, place) => {
  const dana = await admin(app, { width: 1280 })
  await dana.goTo('/campaigns')
  await press(dana, 'g', key)
  await dana.page.waitForURL(`**${place}`)
})

test('no key counts while somebody types, nor where the person may not go', async () => {
  const dana = await admin(app, { width: 1280 })
  await dana.goTo('/today')
  const find = dana.page.getByRole('combobox', { name: 'Find a person' })
  await find.and(dana.page.locator(':focus')).waitFor()
  await dana.page.keyboard.type('g?l')
  expect(await find.inputValue()).toBe('g?l')
  expect([dana.place, await list(dana).count()]).toEqual(['/today', 0])

  const tom = await app.person({ width: 1280 })
  await tom.signIn('dispatcher@demo.test')
  await press(tom, 'g', 'l')
  await press(tom, '?')
  await list(tom).waitFor()
  expect(tom.place).toBe('/today')
  expect(await list(tom).getByRole('link').allInnerTexts()).toEqual(['Today', 'Fieldworkers'])
})

test.each(sizes)('at $width px “?” lists them and can switch them off, for good', async ({ width }) => {
  const dana = await admin(app, { width })
  await press(dana, '?')
  await list(dana).waitFor()
  await dana.assertFine(['page-has-heading-one'])
  await switchOf(dana).click()
  expect(await switchOf(dana).getAttribute('aria-checked')).toBe('false')
  await dana.page.keyboard.press('Escape')
  await list(dana).waitFor({ state: 'detached' })

  await dana.goTo('/campaigns')
  await press(dana, '?', 'g', 't', '/')
  expect([dana.place, await dana.page.getByRole('dialog').count()]).toEqual(['/campaigns', 0])

  await dana.button('Dana Whitlock').click()
  await dana.button('Keyboard shortcuts').click()
  await switchOf(dana).click()
  await dana.button('Close').click()
  await press(dana, 'g', 't')
  await dana.page.waitForURL('**/today')
})
