import { describe, expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { statusText } from './own-steps.ts'
import { admin, entryPoints, sizes, worker, type Worker } from './steps.ts'

const app = createBrowserTestApp()
const numbers = [16, 17, 18, 19]

async function block(office: Person, target: Worker) {
  await entryPoints['A, the list of fieldworkers'](office, target)
  expect(await office.send('Block')).toBe(303)
  expect(await statusText(office)).toContain(`${target.name} is blocked`)
}

describe.each(sizes)('at $width px, somebody who was blocked by mistake', ({ width }) => {
  test('is active again with one press', async () => {
    const target = worker(numbers.shift() ?? 0)
    const office = await admin(app, { width })
    await block(office, target)
    await office.assertFine()
    expect(await office.send('Undo')).toBe(303)
    expect(await statusText(office)).toContain(`${target.name} is active`)
    expect(await (await app.person({ width })).signIn(target.email)).toBe(303)
  })

  test('is offered that for ten seconds, or as long as the focus is on it', async () => {
    const target = worker(numbers.shift() ?? 0)
    const office = await admin(app, { width })
    await office.page.clock.install()
    await block(office, target)
    await office.button('Undo').focus()
    await office.page.clock.runFor(11_000)
    expect(await office.button('Undo').count()).toBe(1)
    await office.page.evaluate('document.activeElement.blur()')
    expect(await office.button('Undo').count()).toBe(0)
    expect(await statusText(office)).toContain(`${target.name} is blocked`)
  })
})
