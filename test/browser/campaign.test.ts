import { describe, expect, test } from 'vitest'
import { password, createBrowserTestApp, type Person } from '../support/browser.ts'
import { administer } from '../support/test-server.ts'
import { admin, sizes, fieldError, worker } from './steps.ts'

const app = createBrowserTestApp()
const list = '/settings/communications/canned-responses'

describe.each(sizes)('at $width px', ({ width }) => {
  const [one, other] = width === 390 ? [worker(7), worker(8)] : [worker(16), worker(17)]

  test('the office writes a canned response, previews it, and corrects the errors', async () => {
    const dana = await admin(app, { width })
    await dana.goTo(list)
    await dana.assertFine()
    await dana.link('New canned response').click()
    await dana.fill({
      Name: `Back at ${width}`,
      Subject: 'Welcome back, {first_name}',
      Text: 'Hello {firstname}',
    })
    expect(await dana.send('Save')).toBe(422)
    expect(await fieldError(dana, 'Text')).toContain('{firstname} is not a placeholder')
    await dana.assertFine()
    await dana.fill({ Text: 'Hello {first_name},\n\n{reset_link}', 'Filled in for': other.name })
    expect(await dana.send('Preview')).toBe(200)
    await dana.page.getByRole('heading', { name: `As ${other.name} sees it` }).waitFor()
    await dana.assertFine()
    expect(await dana.send('Save')).toBe(303)
    await dana.link(`Back at ${width}`).click()
    await dana.assertFine()
  })

  test('a campaign starts from the selection in the list, and its page updates by itself while people respond', async () => {
    const dana = await admin(app, { width })
    for (const { name } of [one, other])
      await dana.page.getByRole('row', { name }).getByRole('checkbox').check()
    expect(await dana.send('Send “Reset your password” email')).toBe(303)
    await dana.page.getByRole('heading', { name: '2 get it, no one is left out' }).waitFor()
    await dana.assertFine()
    await dana.page.getByLabel('Canned response').selectOption({ label: `Back at ${width}` })
    await dana.page.getByText('Welcome back,').waitFor()
    await dana.assertFine()
    await dana.fill({ 'Emails a second': '0' })
    expect(await dana.send('Send to 2 people')).toBe(422)
    await dana.assertFine()
    await dana.fill({ 'Emails a second': '50' })
    expect(await dana.send('Send to 2 people')).toBe(303)
    await dana.page.getByRole('heading', { name: `Back at ${width}` }).waitFor()
    await dana.assertFine()

    await counts(dana, '2 sent')
    await chooses(width, one.email)
    await counts(dana, '1 changed')
    expect(await dana.page.locator('.figure').innerText()).toContain('50%')
    expect(await dana.send('Remind 1 still open')).toBe(303)
    await dana.page.getByText('Reminding 1 person').waitFor()
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
    const { link } = await app.emailTo(email, 'canned_response')
    const person = await app.person({ width })
    await person.goTo(new URL(link ?? '').pathname)
    await person.fill({
      'New password': `${password} ${width}`,
      'Confirm new password': `${password} ${width}`,
    })
    expect(await person.send('Save')).toBe(303)
  }
})

/** Without a reload: the page polls every few seconds. */
async function counts(person: Person, words: string) {
  await expect.poll(() => person.page.getByRole('img', { name: words }).count(), { timeout: 20_000 }).toBe(1)
}

describe('the campaign page, left open,', () => {
  test('updates completely: its texts, its buttons, each count and each person; also when a mail server is down', async () => {
    const { dana, letAll } = await lookingOn('Season under way')
    await dana.page.getByText('3 emails to go').waitFor()
    await letAll(
      `update campaigns set held_by = 'away', held_answer = 'connect ECONNREFUSED' where name = $name`,
    )
    await dana.page.clock.runFor(5_000)
    await dana.page.getByText('The mail server does not respond: connect ECONNREFUSED').waitFor()
    expect(await dana.button('Pause').count()).toBe(1)
    await letAll(
      `update campaigns set status = 'finished', held_by = null, held_answer = null where name = $name`,
      allSent,
    )
    await dana.page.clock.runFor(5_000)
    await dana.button('Remind 3 still open').waitFor()
    expect(await dana.button('Pause').count()).toBe(0)
    expect(await dana.page.locator('.head').innerText()).toContain('Finished')
    expect(await dana.link('Still open 3').count()).toBe(1)
    expect(await dana.page.getByRole('cell', { name: 'Sent', exact: true }).count()).toBe(3)
    await dana.assertFine()
  })

  test('waits while the keyboard focus is in it, and then continues', async () => {
    const { dana, letAll } = await lookingOn('Season with a keyboard')
    await dana.page.keyboard.press('Tab')
    await dana.button('Pause').focus()
    await letAll(`update campaigns set status = 'finished' where name = $name`, allSent)
    const asked: string[] = []
    dana.page.on('request', (request) => asked.push(request.url()))
    await dana.page.clock.runFor(30_000)
    expect(await dana.page.evaluate<string>('document.activeElement.innerText')).toBe('Pause')
    expect(asked).toEqual([])
    await dana.page.evaluate('document.activeElement.blur()')
    await dana.page.clock.runFor(5_000)
    await dana.button('Remind 3 still open').waitFor()
  })

  test('announces a change to screen readers after half a minute at the earliest', async () => {
    const { dana, letAll } = await lookingOn('Season out loud')
    const said = dana.page.locator('main [role=status]:not(.notice)')
    await letAll(`update campaigns set status = 'finished' where name = $name`, allSent)
    await dana.page.clock.runFor(5_000)
    await dana.button('Remind 3 still open').waitFor()
    expect(await said.innerText()).toBe('')
    await dana.page.clock.runFor(25_000)
    expect(await said.innerText()).toBe('0% have changed their password. All emails have been sent.')
  })

  const allSent = `update campaign_people set due_at = null, sent_at = now()
    where campaign_id = (select id from campaigns where name = $name)`

  /** A person at the page of a campaign whose emails are due tomorrow; the test controls the clock of the page. */
  async function lookingOn(name: string) {
    const letAll = async (...actions: string[]) => {
      for (const action of actions) await administer(app.database, action.replaceAll('$name', `'${name}'`))
    }
    await letAll(
      `insert into campaigns (name, subject, body, started_by, run_as)
       select $name, 'Hello', 'Hello', id, id from users where email = 'admin@demo.test'`,
      `insert into campaign_people (campaign_id, user_id, due_at)
       select c.id, u.id, now() + interval '1 day' from campaigns c, users u
       where c.name = $name and u.email in ('worker20@demo.test', 'worker22@demo.test', 'worker24@demo.test')`,
    )
    const dana = await admin(app, { width: 1280 })
    await dana.page.clock.install()
    await dana.goTo('/campaigns')
    await dana.link(name).click()
    await dana.button('Pause').waitFor()
    return { dana, letAll }
  }
})

test('the page of a new campaign without recipients, and of one with people who are skipped', async () => {
  const dana = await admin(app, { width: 390 })
  await dana.goTo('/campaigns/new')
  await dana.assertFine()
  await dana.goTo('/campaigns/new?all=1')
  await dana.page.getByText('See who').first().click()
  await dana.assertFine()
})
