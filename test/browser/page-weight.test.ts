import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp, type Person } from '../support/browser.ts'

const app = createBrowserTestApp()
const kilobyte = 1024

/** Everything that the browser fetches for a page, in bytes as transferred. */
async function transferred(person: Person, address: string): Promise<number> {
  const wire = await person.context.newCDPSession(person.page)
  await wire.send('Network.enable')
  let bytes = 0
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await person.page.goto(address, { waitUntil: 'networkidle' })
  await wire.detach()
  return bytes
}

/** The layout shift while the page loaded; 0 is none. */
async function layoutShift(person: Person, address: string): Promise<number> {
  await person.page.goto(address, { waitUntil: 'networkidle' })
  return person.page.evaluate<number>(sumShifts)
}

// As text, because it runs in the page. Without a layout shift there is no entry.
const sumShifts = `new Promise((resolve) => {
  const sum = (list) => resolve(list.getEntries().reduce((all, { value }) => all + value, 0))
  new PerformanceObserver(sum).observe({ type: 'layout-shift', buffered: true })
  setTimeout(resolve, 300, 0)
})`

async function atHome(): Promise<Person> {
  const worker = await app.person({ phone: true })
  await worker.page.goto('/sign-in')
  await worker.page.getByLabel('Email').fill('worker5@demo.test')
  await worker.page.getByLabel('Password', { exact: true }).fill(password)
  await worker.page.getByRole('button', { name: 'Sign in' }).click()
  await worker.page.waitForURL('**/m')
  const fresh = await app.person({ phone: true })
  await fresh.context.addCookies(await worker.context.cookies())
  return fresh
}

describe.each([
  ['the sign-in page', '/sign-in', () => app.person({ phone: true })],
  ['the phone home', '/m', atHome],
] as const)('%s', (_, address, somebody) => {
  test('weighs 60 KB at most on a first visit, and 10 KB later', async () => {
    const person = await somebody()
    const first = await transferred(person, address)
    expect(first).toBeGreaterThan(20 * kilobyte) // includes its font and styles, otherwise nothing was measured
    expect(first).toBeLessThan(60 * kilobyte)
    expect(await transferred(person, address)).toBeLessThan(10 * kilobyte)
  })

  test('has no layout shift while it loads', async () => {
    expect(await layoutShift(await somebody(), address)).toBe(0)
  })
})
