import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { openMailbox } from '../support/mailbox.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
const path = '/settings/company/profile'
const events = () =>
  many(
    app.db,
    z.object({ details: z.record(z.string(), z.unknown()) }),
    sql`select details from activity_log where event = 'policy_changed' order by seq`,
  )

let admin: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
})

describe('the company', () => {
  test('has the name of the server’s settings until it is given another', async () => {
    expect((await admin.get(path)).text).toMatch(/name="name"[^>]*value="Acme Field"/)
  })

  test('can change its time zone and keep the name of the server’s settings', async () => {
    expect((await admin.post(path, { name: 'Acme Field', timeZone: 'Asia/Kolkata' })).status).toBe(303)
    expect((await events()).map(({ details }) => details)).toEqual([
      { setting: 'time zone', before: 'UTC', after: 'Asia/Kolkata' },
    ])
    const name = z.object({ name: z.string().nullable() })
    expect(await many(app.db, name, sql`select name from company`)).toEqual([{ name: null }])
  })

  test('shows its new name and time zone on pages and in emails immediately', async () => {
    const name = 'Zed & Sons <Repairs>'
    expect((await admin.post(path, { name, timeZone: 'Asia/Kolkata' })).status).toBe(303)
    expect((await events()).map(({ details }) => details).at(-1)).toEqual({
      setting: 'company name',
      before: 'Acme Field',
      after: name,
    })
    expect((await admin.get('/account')).text).toContain('Admin, Zed &amp; Sons &lt;Repairs&gt;')

    const { sam } = app.cast
    const newPassword = 'violin trunk harvest 58'
    await admin.post(`/users/${sam.id}/password`, { newPassword, confirmPassword: newPassword })
    const mailbox = await openMailbox()
    await app.runJobs({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' })
    void mailbox.close() // not awaited: the connection stays open for more emails, so this takes a while
    const [mail] = mailbox.mails
    expect(mail?.subject).toBe('Your password was changed')
    expect(mail?.from?.value).toEqual([{ name, address: 'fieldkey@acme.test' }])
    expect(mail?.text).toContain(name)
    expect(mail?.text).toContain('GMT+5:30')
    expect(mail?.html).not.toContain('<Repairs>')
  })

  test('records no event when it is saved without a change', async () => {
    const before = (await events()).length
    await admin.post(path, { name: 'Zed & Sons <Repairs>', timeZone: 'Asia/Kolkata' })
    expect(await events()).toHaveLength(before)
  })

  test.each([
    ['no name', { name: ' ' }, 'Enter the name of the company.'],
    ['a name that is too long', { name: 'x'.repeat(121) }, 'A name has at most 120 characters.'],
    [
      'a name of two lines',
      { name: 'Zed\r\nBcc: x@y.test' },
      'This contains a character that cannot be typed.',
    ],
    ['a character that cannot be typed', { name: 'a\0b' }, 'This contains a character that cannot be typed.'],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, 'Choose a time zone from the list.'],
    ['a zone with SQL', { timeZone: "UTC'; drop table users; --" }, 'Choose a time zone from the list.'],
    ['no zone', { timeZone: '' }, 'Choose a time zone from the list.'],
  ])('refuses %s with an error next to the field', async (_, wrong, message) => {
    const before = (await events()).length
    const answer = await admin.post(path, { name: 'Zed', timeZone: 'UTC', ...wrong })
    expect([answer.status, textOf(answer.text).includes(message)]).toEqual([422, true])
    expect(await events()).toHaveLength(before)
  })

  test('offers every time zone by area', async () => {
    const { text } = await admin.get(path)
    for (const zone of [
      'UTC',
      'Europe/Lisbon',
      'Asia/Kolkata',
      'Pacific/Auckland',
      'America/Argentina/Ushuaia',
    ])
      expect(text).toContain(`<option value="${zone}"`)
    expect(text).toContain('<optgroup label="Antarctica">')
  })
})

describe('teams', () => {
  const teams = '/settings/company/teams'
  const idOf = async (name: string) =>
    (await many(app.db, z.object({ id: z.string() }), sql`select id from teams where name = ${name}`))[0]
      ?.id ?? ''

  test('are listed with the number of people in each and a link to them', async () => {
    await app.createUser({
      name: 'Ines Inactive',
      role: 'Fieldworker',
      team: 'Harbour',
      status: 'inactive',
    })
    const { text } = await admin.get(teams)
    expect(textOf(text)).toMatch(/Harbour 2 1 Rename Harbour North 2 2 Rename North/)
    const found = textOf((await admin.get(`/settings/company/users?team=${await idOf('Harbour')}`)).text)
    expect(found).toContain('Ines Inactive')
  })

  test('are added, and an event is recorded', async () => {
    const answer = await admin.post(teams, { name: ' Valley crew ' })
    expect([answer.status, answer.headers.location]).toEqual([303, teams])
    expect(textOf((await admin.get(teams)).text)).toContain('The team Valley crew is added')
    expect((await events()).at(-1)?.details).toEqual({ setting: 'teams', before: null, after: 'Valley crew' })
  })

  test('are renamed and keep their people', async () => {
    const id = await idOf('North')
    expect((await admin.post(`${teams}/${id}`, { name: 'Arctic' })).status).toBe(303)
    expect((await events()).at(-1)?.details).toEqual({ setting: 'teams', before: 'North', after: 'Arctic' })
    expect(textOf((await admin.get(`/fieldworkers/${app.cast.sam.id}`)).text)).toContain('Team Arctic')
    expect(textOf((await (await app.as('dispatcher')).get('/fieldworkers')).text)).toContain('Sam Field')
  })

  test.each([
    ['no name', '', 'Enter a name for the team.'],
    ['a name that is too long', 'x'.repeat(81), 'A name has at most 80 characters.'],
    ['a character that cannot be typed', 'a\0b', 'This contains a character that cannot be typed.'],
    ['the name of another team', 'hARBOUR', 'Another team has this name.'],
  ])('refuse %s', async (_, name, message) => {
    for (const route of [teams, `${teams}/${await idOf('Valley crew')}`]) {
      const answer = await admin.post(route, { name })
      expect([answer.status, textOf(answer.text).includes(message)]).toEqual([422, true])
    }
    expect(await idOf('Valley crew')).not.toBe('')
  })

  test('with one name added ten times at once are added once', async () => {
    const _csrf = await admin.token(teams)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => admin.postBare(teams, { _csrf, name: i % 2 ? 'Twin' : 'twin' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(9).fill(422)])
  })

  test('a team that does not exist is not found', async () => {
    for (const id of [crypto.randomUUID(), 'x', '%00'])
      expect((await admin.get(`${teams}/${id}`)).status).toBe(404)
  })
})
