import { afterEach, describe, expect, test } from 'vitest'
import { createBrowserTestApp, password, type Person } from '../support/browser.ts'
import { administer } from '../support/test-server.ts'
import { ageReauthentication, statusText } from './own-steps.ts'
import { admin, entryPoints, notice, sizes, worker, type Worker } from './steps.ts'

const app = createBrowserTestApp()
const dana = { name: 'Dana Whitlock', email: 'admin@demo.test' }
const callers = { 1280: [5, 6, 7, 8, 9], 390: [16, 17, 18, 19, 20] }
const setPolicy = (what: 'required' | 'off') =>
  administer(app.database, `update company set caller_check = '${what}'`)
afterEach(() => setPolicy('off'))
const own = 'walnut ferry 31 canvas'

async function open(office: Person, target: Worker) {
  await entryPoints['A, the list of fieldworkers'](office, target)
  await office.link('Change password').click()
}
const check = ({ page }: Person) => page.getByRole('group', { name: 'Caller check' })
const choose = (office: Person, choice: string) => check(office).getByLabel(choice, { exact: true }).check()
const focused = ({ page }: Person) =>
  page.evaluate<string>('document.activeElement.innerText.trim() || document.activeElement.name')

async function codeOf({ email }: Worker): Promise<string> {
  await expect.poll(async () => (await app.emailsTo(email)).length).toBeGreaterThan(0)
  const { text } = await app.emailTo(email, 'caller_code')
  return /\b(\d{3} \d{3})\b/.exec(text)?.[1] ?? ''
}
const wrongFor = (code: string) => String((Number(code.replace(' ', '')) + 1) % 1_000_000).padStart(6, '0')
/** The password that was drawn and stays in both fields. */
async function drawn(office: Person): Promise<string> {
  await expect.poll(() => focused(office)).toBe('Save')
  return office.field('New password').inputValue()
}

describe.each(sizes)('at $width px', ({ width }) => {
  const people = callers[width as keyof typeof callers].map(worker)

  test('the dispatcher checks a caller by keyboard, and what was drawn stays', async () => {
    const target = people[0]!
    const office = await admin(app, { width })
    await open(office, target)
    const words = await drawn(office)
    await office.assertFine(['page-has-heading-one'])
    await office.button('Send code').focus()
    await office.page.keyboard.press('Enter')
    await check(office)
      .getByText(/^Sent at \d\d:\d\d to/)
      .waitFor()
    expect(await focused(office)).toBe('code')
    const code = await codeOf(target)
    await office.page.keyboard.type(wrongFor(code))
    await office.page.keyboard.press('Enter')
    await check(office).getByText('That is not the code that was sent. 2 tries left.').waitFor()
    expect(await focused(office)).toBe('code')
    await office.assertFine(['page-has-heading-one'])
    await office.page.keyboard.press('Control+a')
    await office.page.keyboard.type(code)
    await office.page.keyboard.press('Enter')
    await check(office).getByText('They read back the code').waitFor()
    expect(await focused(office)).toBe('Save')
    expect(await office.field('New password').inputValue()).toBe(words)
    await office.assertFine(['page-has-heading-one'])
    await office.page.keyboard.press('Enter')
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
    expect(await (await app.person({ width })).signIn(target.email, words)).toBe(303)
  })

  test('three wrong codes end it, and another can be sent', async () => {
    const target = people[1]!
    const office = await admin(app, { width })
    await open(office, target)
    await drawn(office)
    await office.button('Send code').click()
    const code = await codeOf(target)
    for (const told of ['2 tries left', '1 try left', 'It no longer works']) {
      await office.page.locator('[name=code]').fill(wrongFor(code))
      await office.button('Check').click()
      await check(office).getByText(told).waitFor()
    }
    expect(await office.button('Check').count()).toBe(0)
    await office.assertFine(['page-has-heading-one'])
    await office.button('Send another').click()
    await office.button('Check').waitFor()
    expect(await focused(office)).toBe('code')
  })

  test('the phone of the worker shows the code, and “I am not on a call” ends it', async () => {
    const target = people[2]!
    const theirs = await app.person({ phone: true, width })
    await theirs.signIn(target.email)
    const office = await admin(app, { width })
    await open(office, target)
    await drawn(office)
    await office.button('Send code').click()
    await check(office).getByText('and shown on').waitFor()
    const code = await codeOf(target)
    await theirs.goTo('/m')
    await theirs.page.getByText(code, { exact: true }).waitFor()
    await theirs.assertFine()
    expect(await office.page.content()).not.toContain(code)
    expect(await theirs.send('I am not on a call')).toBe(303)
    expect(await theirs.page.getByRole('status').innerText()).toContain('The code no longer works')
    await office.page.locator('[name=code]').fill(code)
    await office.button('Check').click()
    await check(office).getByText('says that they are not on a call').waitFor()
    await office.assertFine(['page-has-heading-one'])
  })

  test('where it is required, Save asks for it beside the choice, and keeps what was typed', async () => {
    const target = people[3]!
    await setPolicy('required')
    const office = await admin(app, { width })
    await open(office, target)
    const words = await drawn(office)
    expect(await office.send('Save')).toBe(422)
    await check(office).getByText('Your company requires it').waitFor()
    expect(await office.field('New password').inputValue()).toBe(words)
    await choose(office, 'Could not check')
    expect(await office.send('Save')).toBe(422)
    await check(office).getByText('Say in a few words why').waitFor()
    await office.page.locator('[name=reason]').fill('Their phone fell into the river')
    await office.assertFine(['page-has-heading-one'])
    expect(await office.send('Save')).toBe(303)
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
    expect(await (await app.person({ width })).signIn(target.email, words)).toBe(303)
  })

  test('the step-up is asked in the dialog, and keeps what was typed', async () => {
    const target = people[4]!
    const office = await admin(app, { width })
    await open(office, target)
    const words = await drawn(office)
    await ageReauthentication(app, dana, 31)
    await office.button('Send code').click()
    const asks = office.page.getByRole('dialog', { name: 'Enter your password to go on' })
    await asks.getByLabel('Your password', { exact: true }).fill(password)
    await asks.getByRole('button', { name: 'Continue' }).click()
    await office.button('Check').waitFor()
    expect(await office.field('New password').inputValue()).toBe(words)
  })

  test('without script each button is a form of its own', async () => {
    const target = worker(width === 390 ? 22 : 24)
    const office = await admin(app, { width, script: false })
    await open(office, target)
    expect(await office.send('Send code')).toBe(303)
    const code = await codeOf(target)
    await office.page.locator('[name=code]').fill(wrongFor(code))
    expect(await office.send('Check')).toBe(422)
    await check(office).getByText('2 tries left').waitFor()
    await office.assertFine()
    await office.page.locator('[name=code]').fill(code)
    expect(await office.send('Check')).toBe(303)
    await check(office).getByText('They read back the code').waitFor()
    await office.fill({ 'New password': own, 'Confirm new password': own })
    await office.page.keyboard.press('Enter')
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
  })

  test('without script Enter in the password saves, also beside “Send code”', async () => {
    const target = worker(width === 390 ? 26 : 36)
    const office = await admin(app, { width, script: false })
    await open(office, target)
    await office.fill({ 'New password': own, 'Confirm new password': own })
    await office.page.keyboard.press('Enter')
    expect(await notice(office)).toContain(`Password changed for ${target.name}`)
    expect(await app.emailsTo(target.email)).not.toContainEqual(
      expect.objectContaining({ template: 'caller_code' }),
    )
  })
})

test('the email leads to a page with one button, which ends the code', async () => {
  const target = worker(40)
  const office = await admin(app, { width: 390 })
  await open(office, target)
  await drawn(office)
  await office.button('Send code').click()
  await codeOf(target)
  const { link } = await app.emailTo(target.email, 'caller_code')
  const reader = await app.person({ width: 390 })
  await reader.goTo(new URL(link ?? '').pathname)
  await reader.page.getByRole('heading', { name: 'Did you not phone your office?' }).waitFor()
  await reader.assertFine()
  expect(await reader.send('It was not me')).toBe(303)
  expect(await statusText(reader)).toContain('The code no longer works')
})
