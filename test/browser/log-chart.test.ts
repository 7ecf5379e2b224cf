import { expect, test } from 'vitest'
import { createBrowserTestApp } from '../support/browser.ts'
import { admin, sizes } from './steps.ts'

const app = createBrowserTestApp()
const screens = sizes.flatMap(({ width }) => [true, false].map((script) => ({ width, script })))

test.each(screens)(
  'at $width px, script: $script, the chart of the log begins at today, and a day narrows the view',
  async ({ width, script }) => {
    const dana = await admin(app, { width, script })
    await dana.goTo('/activity-log?event=sign_in')
    const today = dana.page.getByRole('link', { name: /^Today, / }).first()
    const box = await today.boundingBox()
    expect(box?.x).toBeGreaterThan(width / 2)
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width)
    await dana.page.getByText('Show as a table').click()
    const row = dana.page.getByRole('row', { name: /^Today, \w{3} / })
    const [, number] = (await row.innerText()).split('\t')
    expect(Number(number)).toBeGreaterThan(0)
    // what is half out of sight is too small a target for axe
    if (script) await dana.page.evaluate('scrollTo(0, 0)')
    await dana.assertFine()
    await today.focus()
    await dana.page.keyboard.press('Enter')
    await dana.page.waitForURL(/from=(\d{4}-\d\d-\d\d)&to=\1/)
    expect(dana.place).toContain('event=sign_in&')
    await dana.assertFine()
  },
)

test.each(sizes)('at $width px Today has the last two weeks', async ({ width }) => {
  const dana = await admin(app, { width })
  await dana.goTo('/today')
  expect(await dana.page.locator('svg.chart a').count()).toBe(14)
  await dana.assertFine()
})
