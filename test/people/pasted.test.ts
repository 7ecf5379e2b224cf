import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import { activityFor, password } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let admin: HttpClient
let mailbox: Mailbox

beforeAll(async () => {
  admin = await app.as('admin')
  mailbox = await openMailbox()
})
afterAll(() => mailbox.close())
beforeEach(() => run(app.db, sql`delete from rate_limits`))

const Stored = z.object({ id: z.string(), name: z.string(), email: z.string(), phone: z.string().nullable() })
const newest = () =>
  one(app.db, Stored, sql`select id, name, email, phone from users order by created_at desc limit 1`)
const add = (fields: Record<string, string>) =>
  admin.post('/fieldworkers/new', { name: 'Nia New', ...fields })
const signIn = (email: string) => app.client().post('/sign-in', { email, password })
const addressOf = async (who: { id: string }) =>
  (await one(app.db, z.object({ email: z.string() }), sql`select email from users where id = ${who.id}`))
    .email

let count = 0
/** An address that nobody has yet, of a local part and a domain. */
const fresh = (domain = 'firm.test') => `p${++count}@${domain}`

/** What stands around and inside of things that were copied from a page, a document or a chat. */
const invisible: [what: string, character: string][] = [
  ['zero width space', '\u200b'],
  ['zero width non-joiner', '\u200c'],
  ['zero width joiner', '\u200d'],
  ['left-to-right mark', '\u200e'],
  ['word joiner', '\u2060'],
  ['embedding', '\u202a'],
  ['end of an embedding', '\u202c'],
  ['override', '\u202e'],
  ['isolate', '\u2066'],
  ['end of an isolate', '\u2069'],
  ['byte order mark', '\ufeff'],
  ['soft hyphen', '\u00ad'],
  ['no-break space', '\u00a0'],
  ['narrow no-break space', '\u202f'],
]

describe('what nobody sees', () => {
  test.each(invisible)('is taken out of what is pasted to add somebody: %s (fault 35)', async (_what, x) => {
    const email = fresh()
    const pasted = { name: `${x}Nia${x} New${x}`, email: `${x}${email.replace('@', `${x}@${x}`)}${x}` }
    expect((await add({ ...pasted, phone: `${x}+44${x} 20 7946${x} 0018${x}` })).status).toBe(303)
    expect(await newest()).toMatchObject({ name: 'Nia New', email, phone: '+44 20 7946 0018' })
  })

  test.each(invisible)(
    'keeps nobody from signing in or asking for a way back: %s (fault 35)',
    async (_what, x) => {
      const who = await app.createUser({ name: 'Pat Paste', role: 'Fieldworker' })
      const pasted = `${x}${who.email.replace('.', `${x}.`)}${x}`
      expect((await signIn(pasted)).status).toBe(303)
      expect((await app.client().post('/forgot-password', { email: pasted })).status).toBe(303)
      await app.runJobs()
      expect((await app.emailsTo(who)).filter(({ template }) => template === 'password_reset')).toHaveLength(
        1,
      )
    },
  )

  test.each(invisible)(
    'changes nothing where somebody is edited or looked for: %s (fault 35)',
    async (_what, x) => {
      const who = await app.createUser({ name: 'Ed Edit', role: 'Fieldworker' })
      const fields = { name: `Ed${x} Edit`, email: `${who.email}${x}`, phone: '', teamId: '' }
      const saved = await admin.post(`/users/${who.id}/details`, fields)
      expect([saved.status, await activityFor(app.db, who, 'user_updated')]).toEqual([303, []])
      const asked = encodeURIComponent(`${x}${who.email}${x}`)
      for (const list of [`/fieldworkers?q=${asked}`, `/settings/company/users?q=${asked}`])
        expect(textOf((await admin.get(list).expect(200)).text)).toContain(who.email)
      for (const field of ['about', 'actor', 'q'])
        await admin.get(`/activity-log?${field}=${asked}`).expect(200)
      await admin.get(`/email-log?to=${asked}`).expect(200)
    },
  )

  test('never leaves a name or a phone that is not there (fault 35)', async () => {
    const answer = await add({ name: '\u200b\u202e\u00a0', email: fresh() })
    expect([answer.status, textOf(answer.text)]).toEqual([422, expect.stringContaining('Enter a name.')])
    await add({ email: fresh(), phone: '\u200b\u00a0' })
    expect((await newest()).phone).toBeNull()
  })

  test.each(['https://win.test', 'Win www.win.test', 'win.test/prize', 'Prize.com', 'WIN.ONLINE', 'anna.li'])(
    'is no web address, which emails would carry to others: %s (fault 35)',
    async (name) => {
      const answer = await add({ name, email: fresh() })
      expect([answer.status, textOf(answer.text)]).toEqual([
        422,
        expect.stringContaining('A name cannot contain a web address. Enter only the name.'),
      ])
      const who = await app.createUser({ name: 'Wil Win', role: 'Fieldworker' })
      const moved = await admin.post(`/users/${who.id}/details`, { ...who, name, phone: '', teamId: '' })
      expect(moved.status).toBe(422)
    },
  )

  test.each(['Brandt GmbH & Co.KG', 'J.R. Smith', 'Dr.Mei Lin', 'c/o Brandt', 'M.Sc. Jo Ek', 'Crew No.7'])(
    'leaves names with dots and strokes alone: %s (fault 35)',
    async (name) => {
      expect((await add({ name, email: fresh() })).status).toBe(303)
      expect(await newest()).toMatchObject({ name })
    },
  )

  test('is taken out of the names of teams, roles and the company, too (fault 35)', async () => {
    const owner = await app.as('owner')
    const saved = await owner.post('/settings/company/teams', {
      name: '\ufeffEast\u00a0\u202ecrew\u200b',
    })
    expect(saved.status).toBe(303)
    const teams = await many(app.db, z.object({ name: z.string() }), sql`select name from teams`)
    expect(teams.map(({ name }) => name)).toContain('East crew')
  })

  test.each([
    ['Persian, whose words it parts', 'علی\u200cرضا پاک\u200cنژاد'],
    ['Sinhala, whose characters it joins', 'ශ්\u200dරී ලංකා'],
    ['Malayalam, whose last character it makes', 'രാജന്\u200d'],
    ['Devanagari', 'क्\u200dष अग्रवाल'],
    ['a Han character in its variant', '葛\u{e0100}城 太郎'],
  ])('stays in a name where the script needs it: %s (fault 35)', async (_what, name) => {
    await add({ name: ` ${name}\u200b`, email: fresh() })
    expect((await newest()).name).toBe(name)
  })

  test('makes no name pass for another: joiners go from between Latin emails (fault 35)', async () => {
    await add({ name: 'S\u200dam\u200c Fi\u034feld\ufe0f', email: fresh() })
    expect((await newest()).name).toBe('Sam Field')
  })
})

describe('an address in an international domain', () => {
  test.each([
    ['sam@bücher.example', 'sam@xn--bcher-kva.example', 'sam@bücher.example'],
    ['Sam@BÜCHER.example', 'sam@xn--bcher-kva.example', 'sam@bücher.example'],
    ['sam@bu\u0308cher.example', 'sam@xn--bcher-kva.example', 'sam@bücher.example'],
    ['sam@ex.xn--p1ai', 'sam@ex.xn--p1ai', 'sam@ex.рф'],
    ['sam@пример.рф', 'sam@xn--e1afmkfd.xn--p1ai', 'sam@пример.рф'],
    ['sam@例え。jp', 'sam@xn--r8jz45g.jp', 'sam@例え.jp'],
    ['sam@xn--bcher-kva.example', 'sam@xn--bcher-kva.example', 'sam@bücher.example'],
    // Characters that look like Latin ones are shown for what they are.
    ['sam@pаypal.com', 'sam@xn--pypal-4ve.com', 'sam@xn--pypal-4ve.com'],
    ['sam@аррӏе.com', 'sam@xn--80ak6aa92e.com', 'sam@xn--80ak6aa92e.com'],
    ['sam@ex\u0131mple.com', 'sam@xn--exmple-q9a.com', 'sam@xn--exmple-q9a.com'],
  ])('is kept in ASCII and shown as people write it: %s (fault 35)', async (typed, kept, shown) => {
    expect((await add({ email: typed })).status).toBe(303)
    const who = await newest()
    expect(who.email).toBe(kept)
    const profile = textOf((await admin.get(`/fieldworkers/${who.id}`).expect(200)).text)
    expect(profile).toContain(shown)
    if (shown !== kept) expect(profile).not.toContain(kept)
    await run(app.db, sql`delete from users where id = ${who.id}`).catch(() =>
      run(app.db, sql`update users set email = ${fresh()} where id = ${who.id}`),
    )
  })

  test('signs in, is found and gets its way back in either spelling (fault 35)', async () => {
    const who = await app.createUser({ name: 'Ida Idn', role: 'Fieldworker' })
    await run(app.db, sql`update users set email = 'ida@xn--bcher-kva.example' where id = ${who.id}`)
    for (const spelling of ['ida@bücher.example', 'IDA@Bücher.Example', 'ida@xn--bcher-kva.example']) {
      expect((await signIn(spelling)).status).toBe(303)
      const asked = encodeURIComponent(spelling)
      expect(textOf((await admin.get(`/fieldworkers?q=${asked}`)).text)).toContain('Ida Idn')
      expect(textOf((await admin.get(`/activity-log?about=${asked}`).expect(200)).text)).toContain('Ida Idn')
      expect(textOf((await admin.get(`/activity-log?q=${asked}`).expect(200)).text)).toContain('Ida Idn')
      await run(app.db, sql`delete from rate_limits`)
      await app.client().post('/forgot-password', { email: spelling })
      await app.runJobs()
      expect(textOf((await admin.get(`/email-log?to=${asked}`).expect(200)).text)).toContain(
        'ida@bücher.example',
      )
    }
    expect(textOf((await admin.get('/fieldworkers?q=b%C3%BCcher.exa').expect(200)).text)).toContain('Ida Idn')
    expect(textOf((await admin.get('/fieldworkers?q=b%C3%BCcher.example').expect(200)).text)).toContain(
      'Ida Idn',
    )
    expect((await app.emailsTo({ ...who, email: 'ida@xn--bcher-kva.example' })).length).toBeGreaterThan(2)
    const taken = await add({ email: 'ida@BÜCHER.example' })
    expect([taken.status, textOf(taken.text)]).toEqual([
      422,
      expect.stringContaining('Another account has this address'),
    ])
  })

  test('stands in the form as people write it, and saving that changes nothing (fault 35)', async () => {
    const who = await app.createUser({ name: 'Fay Form', role: 'Fieldworker' })
    await run(app.db, sql`update users set email = 'fay@xn--bcher-kva.example' where id = ${who.id}`)
    const form = (await admin.get(`/users/${who.id}/details`).expect(200)).text
    expect(form).toContain('value="fay@bücher.example"')
    const seen = /name="seen" value="([^"]+)"/.exec(form)?.[1] ?? ''
    const fields = { name: 'Fay Form', email: 'fay@bücher.example', phone: '', teamId: '', seen }
    expect((await admin.post(`/users/${who.id}/details`, fields)).status).toBe(303)
    expect(await activityFor(app.db, who, 'user_updated')).toEqual([])
    expect(await addressOf(who)).toBe('fay@xn--bcher-kva.example')
  })
})

/** Every `atext` of RFC 5322 that is neither A to Z nor a digit. */
const signs = "!#$%&'*+-/=?^_`{|}~"

describe('an address with signs', () => {
  test.each([
    `o'brien@firm.test`,
    'a&b@firm.test',
    'sam+field@firm.test',
    `${signs}@firm.test`,
    'a.b-c_d@firm.test',
  ])('is taken, gets its mail and signs in: %s (fault 35)', async (email) => {
    expect((await add({ email })).status).toBe(303)
    const who = await newest()
    expect(who.email).toBe(email)
    await app.runJobs({ SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@acme.test' })
    const mail = mailbox.mails.at(-1)
    expect([mail?.to].flat()[0]?.value).toEqual([{ address: email, name: 'Nia New' }])
    await run(
      app.db,
      sql`update users set status = 'active', password_hash =
        (select password_hash from users where id = ${app.cast.sam.id}), password_changed_at = now() where id = ${who.id}`,
    )
    expect((await signIn(email.toUpperCase())).status).toBe(303)
    expect(textOf((await admin.get(`/fieldworkers?q=${encodeURIComponent(email)}`)).text)).toContain(
      'Nia New',
    )
  })

  test.each([
    ...[
      'a,b@firm.test',
      'a;b@firm.test',
      '<a@firm.test>',
      'Nia <a@firm.test>',
      '"a b"@firm.test',
      'a b@firm.test',
    ],
    ...[
      'a@firm.test\r\nBcc: x@evil.test',
      'a\r\n@firm.test',
      'a\t@firm.test',
      'a@firm.test\0',
      'a(x)@firm.test',
    ],
    ...[
      '.a@firm.test',
      'a.@firm.test',
      'a..b@firm.test',
      'a@.firm.test',
      'a@firm..test',
      'a@firm.test.',
      'a@b@firm.test',
    ],
    ...[
      'a:b@firm.test',
      'a\\b@firm.test',
      'a[b]@firm.test',
      'a@[127.0.0.1]',
      'a@127.0.0.1',
      'a@localhost',
      'a@firm',
    ],
    ...[
      'a@-firm.test',
      'a@firm-.test',
      'a@fi_rm.test',
      'a@firm.test/x',
      'a@firm.test:25',
      'a@%66irm.test',
      'a@xn--a.test',
      'a@xn--a-.test',
    ],
    ...[
      'a@firm.t',
      'a@firm.123',
      '@firm.test',
      'a@',
      `${'x'.repeat(65)}@firm.test`,
      `a@${'x'.repeat(64)}.test`,
      'jürgen@firm.test',
    ],
  ])('is refused where a mail program would read it otherwise: %j (fault 35)', async (email) => {
    const answer = await add({ email })
    expect(answer.status).toBe(422)
    expect(answer.text).toMatch(/id="email"[^>]*aria-invalid="true"/)
  })
})

test('people move their own address, and automations leave people out, in either spelling (fault 35)', async () => {
  const who = await app.createUser({ name: 'Mo Mover', role: 'Fieldworker' })
  const me = await app.signIn(who)
  await me.post('/account/email', { email: '\u200bmo@BÜCHER.example\u00a0', password })
  await app.runJobs()
  const moving = await app.emailsTo({ ...who, email: 'mo@xn--bcher-kva.example' })
  expect(moving.map(({ template }) => template)).toEqual(['email_change'])
  const notice = (await app.emailsTo(who)).find(({ template }) => template === 'email_change_notice')
  expect(notice?.text).toContain('mo@bücher.example')
})
