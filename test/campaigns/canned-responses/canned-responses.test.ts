import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'

const app = createTestApp()
const list = '/settings/communications/canned-responses'
const good = {
  name: 'Back again',
  subject: 'Welcome back, {first_name}',
  body: 'Hello {first_name},\n\n{reset_link}',
}

let admin: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
})

const rows = () =>
  many(
    app.db,
    z.object({ id: z.string(), name: z.string(), subject: z.string(), body: z.string() }),
    sql`select id, name, subject, body from canned_responses order by changed_at, name`,
  )
const named = async (name: string) => {
  const found = (await rows()).find((row) => row.name === name)
  if (!found) throw new Error(`There is no ${name}`)
  return found
}
const add = (fields: Record<string, string>) => admin.post(list, { ...good, ...fields }, `${list}/new`)
const changes = () =>
  many(
    app.db,
    z.object({ actor_id: z.string(), details: z.looseObject({}) }),
    sql`select actor_id, details from activity_log where event = 'canned_response_changed' order by seq desc`,
  )

/** The error of a field, found as the page ties it to the field. */
const errorOf = (html: string, field: string) =>
  textOf(new RegExp(`<p class="error" id="${field}-error">.*?</p>`, 's').exec(html)?.[0] ?? '')

describe('a new company', () => {
  test('has one response for the season and one for any time, each with its link', async () => {
    const { text } = await admin.get(list).expect(200)
    for (const name of ['Season start', 'Reset your password']) {
      expect(textOf(text)).toContain(`${name} Built-in`)
      expect((await named(name)).body).toContain('{reset_link}')
    }
  })

  test('can restore a changed built-in response', async () => {
    const before = await named('Season start')
    const address = `${list}/${before.id}`
    await admin.post(address, { ...good, name: 'Ours' }).then(({ status }) => expect(status).toBe(303))
    expect(await rows()).toContainEqual({ id: before.id, ...good, name: 'Ours' })
    expect((await admin.get(address)).text).toContain('Restore the default')
    await admin.post(`${address}/restore`, {}, address)
    expect(await rows()).toContainEqual(before)
    expect((await admin.get(address)).text).not.toContain('Restore the default')
    expect((await admin.post(`${address}/delete`, {}, address)).status).toBe(404)
  })
})

describe('saving', () => {
  test('keeps the text as typed, and records it before and after', async () => {
    const body = 'Hello {first_name},\r\n\r\nsee you on Monday.\r\n\r\n{reset_link}'
    expect((await add({ name: 'Monday', body })).status).toBe(303)
    const { id, ...text } = await named('Monday')
    expect(text).toEqual({ ...good, name: 'Monday', body: body.replaceAll('\r', '') })
    const after = { ...text, subject: 'See you on Tuesday' }
    await admin.post(`${list}/${id}`, after)
    const actor_id = app.cast.admin.id
    expect((await changes()).slice(0, 2)).toEqual([
      { actor_id, details: { name: 'Monday', before: text, after } },
      { actor_id, details: { name: 'Monday', before: null, after: text } },
    ])
    await admin.post(`${list}/${id}/delete`, {}, `${list}/${id}`)
    expect((await changes())[0]?.details).toEqual({ name: 'Monday', before: after, after: null })
  })

  test.each([
    [
      'body',
      'Hello {firstname}, {reset_link}',
      '{firstname} is not a placeholder. Use one of these: {first_name}',
    ],
    ['body', 'Hello { reset_link }', '{ reset_link } is not a placeholder'],
    ['body', 'Hello {first_name}, no link today', 'Add {reset_link} where the link belongs'],
    ['body', '', 'Enter a text'],
    ['body', `{reset_link}${'x'.repeat(2500)}`, 'Use at most 2,500 characters'],
    ['body', '{reset_link}\0', 'a character that cannot be typed'],
    ['subject', 'Your link: {reset_link}', 'Remove {reset_link}: subjects show in lists'],
    ['subject', 'Hello\r\nBcc: evil@x.test', 'Use one line only'],
    ['subject', '{constructor}', '{constructor} is not a placeholder'],
    ['name', ' ', 'Enter a name'],
    ['name', 'SEASON START', 'Another canned response has this name'],
    ['name', 'x'.repeat(81), 'Use at most 80 characters'],
  ])('is refused with an error next to the field: %s %j', async (field, value, error) => {
    const before = await rows()
    const answer = await add({ [field]: value })
    expect(answer.status).toBe(422)
    expect(errorOf(answer.text, field)).toContain(error)
    expect(await rows()).toEqual(before)
  })

  test('is refused if the person lost the permission after the page was opened', async () => {
    const late = await app.createUser({ name: 'Lana Late', role: 'Admin' })
    const client = await app.signIn(late)
    const token = await client.token(`${list}/new`)
    await app.db.query(
      sql`update users set role_id = (select id from roles where name = 'Auditor') where id = ${late.id}`,
    )
    expect((await client.postBare(list, { ...good, name: 'Late', _csrf: token })).status).toBe(403)
    expect((await rows()).map(({ name }) => name)).not.toContain('Late')
  })
})

describe('the preview', () => {
  test('fills in the typed text for the requested person, and saves nothing', async () => {
    const before = await rows()
    const answer = await admin.post(`${list}/preview`, { ...good, person: 'otto@' }, `${list}/new`)
    expect(answer.status).toBe(200)
    expect(textOf(answer.text)).toContain('As Otto Harbour sees it')
    expect(textOf(answer.text)).toContain('If the link has expired')
    expect(answer.text).toContain('Welcome back, <span class="filled">Otto</span>')
    expect(answer.text).toContain('http://localhost:3000/reset-password/…')
    expect(await rows()).toEqual(before)
  })

  test('shows markup and templates as typed', async () => {
    const body = '<b>{first_name}</b> <%= process.env %> <%- 7 * 7 %> {reset_link}'
    const { text } = await admin.post(`${list}/preview`, { ...good, body, person: '' }, `${list}/new`)
    expect(text).toMatch(
      /&lt;b&gt;<span class="filled">\w+<\/span>&lt;\/b&gt; &lt;%= process\.env %&gt; &lt;%- 7 \* 7 %&gt;/,
    )
  })

  test('does not fill in placeholders inside a person’s name', async () => {
    await app.createUser({ name: '{reset_link} Tricky', role: 'Fieldworker' })
    const { text } = await admin.post(`${list}/preview`, { ...good, person: 'Tricky' }, `${list}/new`)
    expect(text).toContain('Welcome back, <span class="filled">{reset_link}</span>')
  })

  test('says when no one matches', async () => {
    const answer = await admin.post(`${list}/preview`, { ...good, person: 'Nobody At All' }, `${list}/new`)
    expect([answer.status, errorOf(answer.text, 'person')]).toEqual([
      422,
      expect.stringContaining('No one you can see matches'),
    ])
  })
})

describe('a link directly followed by text', () => {
  let texts = 0
  const typed = (body: string) => ({ name: `Behind ${++texts}`, subject: 'Choose a password', body })
  const warning = 'comes directly after {reset_link}'

  test.each(['.', ',', ')', '>', '"', '!', '”', '-'])(
    '%s is saved, with a warning in the editor (fault 24)',
    async (sign) => {
      const fields = typed(`Hello {first_name},\n\nOpen {reset_link}${sign}`)
      const preview = await admin.post(`${list}/preview`, fields, `${list}/new`)
      expect(textOf(preview.text)).toMatch(
        /Leave space around the link “.{1,5}” comes directly after \{reset_link\}/,
      )
      const saved = await admin.post(list, fields, `${list}/new`)
      expect([saved.status, saved.headers.location]).toEqual([303, list])
      expect(textOf((await admin.get(list)).text)).toContain(warning)
    },
  )

  test.each(['x', '5', 'é', '{first_name}'])(
    '%s would break the link, so it is refused (fault 24)',
    async (sign) => {
      const answer = await admin.post(list, typed(`Open {reset_link}${sign}`), `${list}/new`)
      expect([answer.status, errorOf(answer.text, 'body')]).toEqual([
        422,
        expect.stringContaining('Put a space or a new line after {reset_link}'),
      ])
    },
  )

  test.each(['Open {reset_link}', 'Open {reset_link} now.', 'Open\n\n{reset_link}\n\nToday.'])(
    'a link followed by a space or a new line needs no warning: %j (fault 24)',
    async (body) => {
      const { text } = await admin.post(`${list}/preview`, typed(body), `${list}/new`)
      expect(textOf(text)).not.toContain(warning)
    },
  )
})

describe('a link directly after other text', () => {
  const typed = (body: string) => ({ name: `Ahead ${body.length}`, subject: 'Choose a password', body })

  test.each([
    'https://elsewhere.test/?t={reset_link}',
    'https://elsewhere.test/{reset_link}',
    '//elsewhere.test/{reset_link}',
    'mailto:them@elsewhere.test?body={reset_link}',
    '<a href="https://elsewhere.test/?{reset_link}">',
    '[press](https://elsewhere.test/#{reset_link})',
    'Press:{reset_link}',
    '{first_name}{reset_link}',
    '{reset_link} and https://elsewhere.test/?t={reset_link}',
  ])('would send its secret elsewhere, so it is refused: %s (fault 6)', async (body) => {
    const answer = await admin.post(list, typed(body), `${list}/new`)
    expect([answer.status, errorOf(answer.text, 'body')]).toEqual([
      422,
      expect.stringContaining('Put a space or a new line before {reset_link}'),
    ])
  })

  test('starts on a new line where an older text has it there (fault 6)', async () => {
    const body = 'Go to https://elsewhere.test/?t={reset_link}'
    const { text } = await admin.post(`${list}/preview`, typed(body), `${list}/new`)
    expect(text).not.toMatch(/\?t=(<[^>]*>)?http/)
  })

  test.each(['{reset_link}', 'Press\n{reset_link}', '({reset_link})', 'It is “{reset_link}”.'])(
    'at the start of a word is saved: %j (fault 6)',
    async (body) => {
      const { status } = await admin.post(list, typed(`${body} `), `${list}/new`)
      expect(status).toBe(303)
    },
  )
})
