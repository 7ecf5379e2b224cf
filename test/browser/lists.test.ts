import { expect, test } from 'vitest'
import { createBrowserTestApp, type Person } from '../support/browser.ts'
import { admin, sizes, worker } from './steps.ts'

const app = createBrowserTestApp()
const names = (dana: Person) => dana.page.locator('tbody th[scope=row] a').allInnerTexts()
const focused = (dana: Person) => dana.page.evaluate('document.activeElement.textContent.trim()')
const box = (dana: Person, name: string) => dana.page.getByRole('checkbox', { name: `Select ${name}` })

test.each(sizes)('at $width px the header of a column sorts the list by key', async ({ width }) => {
  const dana = await admin(app, { width })
  const up = await names(dana)
  expect(await dana.page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe(
    'ascending',
  )
  await dana.page.getByRole('columnheader', { name: 'Name' }).getByRole('link').focus()
  await dana.page.keyboard.press('Enter')
  await dana.page.waitForURL(/sort=-name$/)
  expect(await names(dana)).toEqual(up.toReversed())
  await dana.assertFine()
  if (width < 768) {
    await dana.page.getByRole('combobox', { name: 'Order' }).selectOption('By last sign-in, newest first')
    await dana.button('Apply').click()
  } else await dana.page.getByRole('link', { name: 'Last sign-in' }).click()
  await dana.page.waitForURL(/sort=-last_sign_in$/)
  await dana.assertFine()
})

test.each(sizes)(
  'at $width px the actions come right after the ticked box, and Escape clears',
  async ({ width }) => {
    const dana = await admin(app, { width })
    await dana.page.waitForLoadState('networkidle')
    const said = dana.page.locator('.ticked')
    const bar = dana.page.getByRole('group', { name: 'With the selected fieldworkers' })
    const someone = box(dana, worker(36).name)
    await someone.focus()
    await dana.page.keyboard.press('Space')
    expect(await said.innerText()).toBe('1 selected. Actions come next.')
    await dana.assertFine()
    await dana.page.keyboard.press('Tab')
    expect(await focused(dana)).toBe('Activate')
    await dana.page.keyboard.press('Escape')
    expect(await bar.isVisible()).toBe(false)
    expect(await said.innerText()).toBe('Nobody selected.')
    expect(await someone.isChecked()).toBe(false)
    expect(await dana.page.locator(':focus').getAttribute('value')).toBe(await someone.getAttribute('value'))

    await box(dana, worker(5).name).press('Space')
    await someone.press('Space')
    expect(await bar.getByText('2 selected').isVisible()).toBe(true)
    await dana.button(`Actions for ${worker(36).name}`).press('Enter')
    await dana.page.keyboard.press('Escape') // closes the menu alone
    expect(await bar.isVisible()).toBe(true)
    await someone.focus()
    for (const label of ['Activate', 'Deactivate']) {
      await dana.page.keyboard.press('Tab')
      expect(await focused(dana)).toBe(label)
    }
    await dana.page.keyboard.press('Enter')
    await dana.page.getByRole('heading', { name: 'Deactivate 2 people?' }).waitFor()
    await dana.assertFine()
  },
)

test.each(sizes)('at $width px without script the actions are below the list', async ({ width }) => {
  const dana = await admin(app, { width, script: false })
  await box(dana, worker(5).name).check()
  await dana.button('Deactivate').click()
  await dana.page.getByRole('heading', { name: 'Deactivate 1 person?' }).waitFor()
})

test.each(sizes)(
  'at $width px the log has its days at hand, and its views can be saved',
  async ({ width }) => {
    const dana = await admin(app, { width })
    const event = width === 390 ? 'sign_in_failed' : 'sign_in' // the other view is saved already
    await dana.goTo(`/activity-log?event=${event}`)
    await dana.page
      .getByRole('navigation', { name: 'Days' })
      .getByRole('link', { name: 'Last 7 days' })
      .click()
    await dana.page.waitForURL(/event=\w+&from=[\d-]{10}&to=[\d-]{10}$/)
    await dana.assertFine()
    await dana.page.getByText('Save this view').click()
    await dana.page.getByRole('textbox', { name: 'Name of the view' }).fill(`Sign-ins ${width}`)
    await dana.assertFine()
    await dana.button('Save').click()
    await dana.page.getByText(`The view “Sign-ins ${width}” is saved`).waitFor()
    await dana.assertFine()
    await dana.goTo('/activity-log')
    await dana.page
      .getByRole('navigation', { name: 'Saved views' })
      .getByRole('link', { name: `Sign-ins ${width}` })
      .click()
    await dana.page.waitForURL(/event=\w+&from=/)
  },
)
