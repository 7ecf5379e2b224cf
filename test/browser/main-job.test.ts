import { expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'

const app = createBrowserTestApp()
const mostKeys = 12
const searched = 'boadi'

/** Counts keys and clicks as the page gets them, over all pages. */
async function counted(person: Person) {
  let [keys, clicks] = [0, 0]
  await person.page.exposeFunction('countKey', () => void keys++)
  await person.page.exposeFunction('countClick', () => void clicks++)
  await person.page.addInitScript(`
    addEventListener('keydown', (event) => event.isTrusted && countKey(), true)
    addEventListener('pointerdown', (event) => event.isTrusted && countClick(), true)`)
  return () => ({ keys, clicks })
}

// The dispatcher’s call at 6 am: a new password for somebody, from Today, by keyboard alone.
test('from Today to a saved password it takes a few keys, and no mouse', async () => {
  const tom = await app.person({ width: 1280 })
  const count = await counted(tom)
  await tom.signIn('dispatcher@demo.test')
  await tom.page.waitForLoadState('networkidle')
  const { page } = tom
  const before = count()
  let machine = 0
  const timed = async (key: string, arrived: () => Promise<unknown>) => {
    const start = performance.now()
    await page.keyboard.press(key)
    await arrived()
    machine += performance.now() - start
  }
  const [last = '', ...first] = [...searched].reverse()
  for (const key of first.reverse()) await page.keyboard.press(key)
  await timed(last, () => page.getByRole('option', { name: /Boadi/ }).waitFor())
  await timed('Shift+Enter', () => page.locator('button.primary:focus', { hasText: 'Save' }).waitFor())
  await timed('Enter', () => page.getByRole('dialog', { name: /^Hand over to Kwame Boadi/ }).waitFor())
  const { keys, clicks } = count()
  const beyond = keys - before.keys - searched.length
  console.log(
    `main job: ${beyond} keys beyond the ${searched.length} of the search, ${clicks - before.clicks} clicks, ${Math.round(machine)} ms of machine time`,
  )
  expect(clicks).toBe(before.clicks)
  expect(beyond).toBeGreaterThan(0)
  expect(beyond).toBeLessThanOrEqual(mostKeys)
})
