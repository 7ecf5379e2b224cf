import { describe, expect, test } from 'vitest'
import { password, testTown, type Person } from '../support/browser.ts'
import { admin, sizes, wordsBeside, worker } from './steps.ts'

const town = testTown()
const list = '/settings/communications/canned-responses'

describe.each(sizes)('at $width px', ({ width }) => {
  const [one, other] = width === 390 ? [worker(7), worker(8)] : [worker(16), worker(17)]

  test('the office writes a canned response, sees it filled in, and mends what is wrong', async () => {
    const dana = await admin(town, { width })
    await dana.goTo(list)
    await dana.assertFine()
    await dana.link('New canned response').click()
    await dana.fill({
      Name: `Back at ${width}`,
      Subject: 'Welcome back, {first_name}',
      Text: 'Hello {firstname}',
    })
    expect(await dana.send('Save')).toBe(422)
    expect(await wordsBeside(dana, 'Text')).toContain('{firstname} cannot be filled in')
    await dana.assertFine()
    await dana.fill({ Text: 'Hello {first_name},\n\n{reset_link}', 'Filled in for': other.name })
    expect(await dana.send('Preview')).toBe(200)
    await dana.page.getByRole('heading', { name: `As ${other.name} sees it` }).waitFor()
    await dana.assertFine()
    expect(await dana.send('Save')).toBe(303)
    await dana.link(`Back at ${width}`).click()
    await dana.assertFine()
  })

  test('a campaign is begun from the ticks of the list, and its page moves by itself while people answer', async () => {
    const dana = await admin(town, { width })
    for (const { name } of [one, other])
      await dana.page.getByRole('row', { name }).getByRole('checkbox').check()
    expect(await dana.send('Send “Reset your password” email')).toBe(303)
    await dana.page.getByRole('heading', { name: '2 get it, nobody will be missed' }).waitFor()
    await dana.assertFine()
    await dana.page.getByLabel('Canned response').selectOption({ label: `Back at ${width}` })
    await dana.page.getByText('Welcome back,').waitFor()
    await dana.assertFine()
    await dana.fill({ 'Letters a second': '0' })
    expect(await dana.send('Send to 2 people')).toBe(422)
    await dana.assertFine()
    await dana.fill({ 'Letters a second': '50' })
    expect(await dana.send('Send to 2 people')).toBe(303)
    await dana.page.getByRole('heading', { name: `Back at ${width}` }).waitFor()
    await dana.assertFine()

    await counts(dana, '2 sent')
    await chooses(width, one.email)
    await counts(dana, '1 changed')
    expect(await dana.page.locator('.figure').innerText()).toContain('50%')
    await dana.page.reload()
    expect(await dana.send('Remind 1 still open')).toBe(303)
    await dana.page.getByText('1 person is reminded').waitFor()
    await dana.assertFine()
    await dana.page
      .getByRole('navigation', { name: 'State' })
      .getByRole('link', { name: /^Failed/ })
      .click()
    await dana.page.getByRole('heading', { name: 'Nobody here' }).waitFor()
    await dana.assertFine()
    await dana.goTo('/campaigns')
    await dana.assertFine()
  })

  async function chooses(width: number, email: string) {
    const { link } = await town.letterTo(email, 'canned_response')
    const person = await town.person({ width })
    await person.goTo(new URL(link ?? '').pathname)
    await person.fill({
      'New password': `${password} ${width}`,
      'Confirm new password': `${password} ${width}`,
    })
    expect(await person.send('Save')).toBe(303)
  }
})

/** Without a reload: the page asks every few seconds. */
async function counts(person: Person, words: string) {
  await expect.poll(() => person.page.getByRole('img', { name: words }).count(), { timeout: 20_000 }).toBe(1)
}

test('the pages of a new campaign without anybody, and of all with those who are missed', async () => {
  const dana = await admin(town, { width: 390 })
  await dana.goTo('/campaigns/new')
  await dana.assertFine()
  await dana.goTo('/campaigns/new?all=1')
  await dana.page.getByText('See who').first().click()
  await dana.assertFine()
})
