import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { phoneHref } from '../../src/platform/office-phone.ts'
import { Db, many, run, sql } from '../../src/platform/db.ts'
import { superuserOf } from '../support/database.ts'
import { createTestApp } from '../support/test-app.ts'
import { openMailbox } from '../support/mailbox.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'
import { password } from '../support/people.ts'

const app = createTestApp()
const path = '/settings/company/profile'
const phone = '+44 (0)20 7946 0018'
const link = '<a class="nowrap" href="tel:+442079460018">+44 (0)20 7946 0018</a>'
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1'

let admin: HttpClient
let superuser: Db
beforeAll(async () => {
  admin = await app.as('admin')
  superuser = new Db(superuserOf(app.connectionString), { max: 1 })
})
afterAll(() => superuser.close())

const save = (officePhone?: string) =>
  admin.post(path, {
    name: 'Acme Field',
    timeZone: 'UTC',
    ...(officePhone === undefined ? {} : { officePhone }),
  })
const events = () =>
  many(
    app.db,
    z.object({ details: z.record(z.string(), z.unknown()) }),
    sql`select details from activity_log where event = 'policy_changed' order by seq`,
  )
const stored = async () =>
  (
    await many(
      app.db,
      z.object({ phone: z.string().nullable() }),
      sql`select office_phone as phone from company`,
    )
  )[0]?.phone

async function invalidLink() {
  const { sam } = app.cast
  await app.client().post('/forgot-password', { email: sam.email })
  const page = await app.newestLink(sam)
  await run(app.db, sql`update users set status = 'inactive' where id = ${sam.id}`)
  const { text } = await app.client().get(page)
  await run(app.db, sql`update users set status = 'active' where id = ${sam.id}`)
  return text
}
async function onThePhone(page: string, traits = {}) {
  const who = await app.createUser({ name: 'Pia Phone', role: 'Fieldworker', ...traits })
  const client = await app.client(iphone).signIn(who.email, password)
  return (await client.get(page)).text
}
async function brokenPage() {
  await run(superuser, sql`alter table canned_responses rename to elsewhere`)
  const answer = await admin.get('/settings/communications/canned-responses')
  await run(superuser, sql`alter table elsewhere rename to canned_responses`)
  expect(answer.status).toBe(500)
  return answer.text
}
async function expiredTemporary() {
  const who = await app.createUser({ name: 'Tess Temporary', role: 'Fieldworker' })
  await run(
    app.db,
    sql`update users set temporary_password_expires_at = now() - interval '1 minute' where id = ${who.id}`,
  )
  return (await app.client().post('/sign-in', { email: who.email, password })).text
}

/** Every page on which people are sent to their office, and its words around the number. */
const pages: [page: string, open: () => Promise<string>, before: string, after: string][] = [
  [
    'sign-in',
    async () => (await app.client().get('/sign-in')).text,
    'Trouble getting in? Call your office',
    '.',
  ],
  ['a temporary password that has expired', expiredTemporary, 'or call your office', ' for another one.'],
  [
    'the answer to “Forgot your password?”',
    async () => (await app.client().get('/forgot-password/sent')).text,
    'Still stuck? Ask your office',
    ' to reset it for you.',
  ],
  ['a link that no longer works', invalidLink, 'The account is not active. Call your office', '.'],
  [
    'one’s own activity',
    () => onThePhone('/account/activity'),
    'Change your password and call your office',
    '.',
  ],
  [
    'the verification step',
    () => onThePhone('/account/password', { verified: false }),
    'Not your address any more? Call your office',
    ', they can change it.',
  ],
  ['an error page', brokenPage, 'give your office', ' the reference below.'],
]

describe('without an office phone', () => {
  test.each(pages)('%s says what it always said, and has no link', async (_, open, before, after) => {
    const html = await open()
    expect(textOf(html)).toContain(`${before}${after}`)
    expect(html).not.toContain('tel:')
  })

  test('/m says nothing of it', async () => {
    expect(await onThePhone('/m')).not.toMatch(/tel:|Trouble\?/)
  })
})

describe('with an office phone', () => {
  beforeAll(async () => {
    expect((await save(phone)).status).toBe(303)
  })

  test('the change is recorded as one of the policy', async () => {
    expect((await events()).map(({ details }) => details)).toEqual([
      { setting: 'office phone', before: null, after: phone },
    ])
    expect((await admin.get(path)).text).toMatch(
      /name="officePhone" type="tel"[^>]*value="\+44 \(0\)20 7946 0018"/,
    )
  })

  test.each(pages)('%s has its number as a link', async (_, open, before, after) => {
    const html = await open()
    const words = after === '.' ? `${before}: ${link}` : `${before} (${link})${after}`
    expect(html).toContain(words)
  })

  test('/m has it too', async () => {
    expect(await onThePhone('/m')).toContain(`Trouble? Call your office: ${link}`)
  })

  test('emails have it, once, in both parts', async () => {
    const who = await app.createUser({ name: 'Ema Email', role: 'Fieldworker' })
    const fields = { newPassword: 'copper lantern meadow 17', confirmPassword: 'copper lantern meadow 17' }
    await admin.post(`/users/${who.id}/password`, fields)
    const mailbox = await openMailbox()
    await app.runJobs({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' })
    void mailbox.close()
    const mail = mailbox.mails.find(({ to }) => JSON.stringify(to).includes(who.email))
    for (const part of [mail?.text ?? '', textOf(String(mail?.html))])
      expect(part.replace(/\s+/g, ' ')).toContain(`If not, call your office (${phone}) now.`)
    expect(mail?.text?.split('7946')).toHaveLength(2)
  })

  test('saving without the field keeps it, saving it empty removes it', async () => {
    await save()
    expect(await stored()).toBe(phone)
    await save('')
    expect(await stored()).toBeNull()
    expect((await events()).at(-1)?.details).toEqual({ setting: 'office phone', before: phone, after: null })
  })
})

test.each([
  ['words', 'call us', 'Enter a phone number such as +44 20 7946 0018, or leave it empty.'],
  ['markup', '"><script>1', 'Enter a phone number such as +44 20 7946 0018, or leave it empty.'],
  ['two digits', '12', 'Enter a phone number such as +44 20 7946 0018, or leave it empty.'],
  ['too many digits', '1'.repeat(41), 'A phone number has at most 40 characters.'],
])('%s are refused next to the field, and what was typed stays', async (_, typed, message) => {
  const before = await stored()
  const answer = await save(typed)
  expect([answer.status, textOf(answer.text).includes(message)]).toEqual([422, true])
  expect(answer.text).toMatch(/name="officePhone"[^>]*aria-describedby="officePhone-error"/)
  expect(await stored()).toBe(before)
})

test('a pasted number is stored with plain spaces and hyphens', async () => {
  expect((await save(' +44\u00a020\u20137946\u202f0018\u200b ')).status).toBe(303)
  expect(await stored()).toBe('+44 20-7946 0018')
})

test.each([
  ['+44 20 7946 0018', 'tel:+442079460018'],
  ['+44 (0)20 7946-0018', 'tel:+442079460018'],
  ['020 7946 0018', 'tel:02079460018'],
  ['(020) 7946.0018 ext. 12', 'tel:02079460018;ext=12'],
  ['555/0100 x7', 'tel:5550100;ext=7'],
])('the link of %s is %s', (written, href) => {
  expect(phoneHref(written)).toBe(href)
})
