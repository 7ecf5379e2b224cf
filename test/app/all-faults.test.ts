import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { one, run, sql } from '../../src/platform/db.ts'
import { list, save } from '../support/automations.ts'
import { createTestApp } from '../support/test-app.ts'
import { credential, password, type TestUser } from '../support/people.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp()
let admin: HttpClient
let owner: HttpClient

beforeAll(async () => {
  admin = await app.as('admin')
  owner = await app.as('owner')
})
beforeEach(() => resetRateLimits(app.db))

/** What is said next to each field of a page. */
const told = (html: string) =>
  Object.fromEntries(
    [...html.matchAll(/id="([\w-]+)-error"[^>]*>([\s\S]*?)<\/p>/g)].map(([, field = '', said = '']) => [
      field,
      textOf(said),
    ]),
  )

const short = expect.stringContaining('Use at least 12 characters; this has 5.')
const noPassword = 'Enter a new password.'
const noConfirmation = 'Enter the new password again.'
const differs = 'The passwords don’t match. Enter the new password again.'

/** A form with a new password typed twice, on every way there is, and whose it is. */
const ways: [
  way: string,
  open: () => Promise<{
    who: TestUser
    post: (fields: Record<string, string>) => Promise<{ status: number; text: string }>
  }>,
][] = [
  [
    'the office’s',
    async () => {
      const who = await worker()
      return { who, post: (fields) => admin.post(`/users/${who.id}/password`, fields) }
    },
  ],
  [
    'one’s own',
    async () => {
      const who = await worker()
      const me = await app.signIn(who)
      return { who, post: (fields) => me.post('/account/password', { currentPassword: password, ...fields }) }
    },
  ],
  [
    'the phone’s',
    async () => {
      const who = await worker()
      const me = await app.signIn(who)
      return { who, post: (fields) => me.post('/m/password', fields) }
    },
  ],
  [
    'a forced one',
    async () => {
      const who = await worker()
      await run(
        app.db,
        sql`update users set temporary_password_expires_at = now() + interval '1 hour' where id = ${who.id}`,
      )
      const me = await app.signIn(who)
      return { who, post: (fields) => me.post('/account/password', { currentPassword: password, ...fields }) }
    },
  ],
  [
    'that of a reset link',
    async () => {
      const who = await worker()
      await app.client().post('/forgot-password', { email: who.email })
      return { who, ...(await byLink(who, '/reset-password')) }
    },
  ],
  [
    'that of an invitation',
    async () => {
      const email = `invited.${++count}@firm.test`
      await admin.post('/fieldworkers/new', { name: 'Ina Invited', email })
      const who = await one(
        app.db,
        z.object({ id: z.string(), name: z.string(), email: z.string() }),
        sql`select id, name, email from users where email = ${email}`,
      )
      return { who, ...(await byLink(who, '/invitation')) }
    },
  ],
]
let count = 0
const worker = () => app.createUser({ name: 'Wes Worker', role: 'Fieldworker', team: 'North' })

async function byLink(who: TestUser, form: string) {
  await app.runJobs()
  const [email] = (await app.emailsTo(who)).filter(({ link }) => link)
  const client = app.client()
  await client.get(new URL(email?.link ?? '').pathname)
  return { post: (fields: Record<string, string>) => client.post(form, fields) }
}

describe.each(ways)('a new password, %s', (_way, open) => {
  test.each([
    [
      'short, and nothing',
      { newPassword: 'short', confirmPassword: '' },
      { newPassword: short, confirmPassword: noConfirmation },
    ],
    [
      'short, and another',
      { newPassword: 'short', confirmPassword: 'other' },
      { newPassword: short, confirmPassword: differs },
    ],
    [
      'short, and no field',
      { newPassword: 'short' },
      { newPassword: short, confirmPassword: noConfirmation },
    ],
    [
      'nothing twice',
      { newPassword: '', confirmPassword: '' },
      { newPassword: noPassword, confirmPassword: noConfirmation },
    ],
    [
      'nothing, and one',
      { newPassword: '', confirmPassword: 'other' },
      { newPassword: noPassword, confirmPassword: differs },
    ],
    ['short twice', { newPassword: 'short', confirmPassword: 'short' }, { newPassword: short }],
    [
      'listed, and another',
      { newPassword: 'passwordpassword', confirmPassword: 'x' },
      { newPassword: expect.stringContaining('guessed first'), confirmPassword: differs },
    ],
    [
      'a good one, and nothing',
      { newPassword: 'violin trunk harvest 58', confirmPassword: '' },
      { confirmPassword: noConfirmation },
    ],
    [
      'a good one, and another',
      { newPassword: 'violin trunk harvest 58', confirmPassword: 'x' },
      { confirmPassword: differs },
    ],
  ] as [string, Record<string, string>, Record<string, unknown>][])(
    'is told all that is wrong at once: %s (fault 29)',
    async (_what, typed, expected) => {
      const { post } = await open()
      const answer = await post(typed)
      expect([answer.status, told(answer.text)]).toEqual([422, expected])
      expect(answer.text).toContain(
        Object.keys(expected).length === 2
          ? 'Check the 2 highlighted fields.'
          : 'Check the highlighted field.',
      )
      for (const secret of Object.values(typed))
        if (secret.length > 3) expect(answer.text).not.toContain(`"${secret}"`)
    },
  )

  test('is taken in either way that é can be typed (fault 29)', async () => {
    const { post } = await open()
    expect(
      (await post({ newPassword: 'café trunk harvest 58', confirmPassword: 'cafe\u0301 trunk harvest 58' }))
        .status,
    ).toBe(303)
  })
})

test('the password in use is told of along with a confirmation that differs (fault 29)', async () => {
  const who = await worker()
  const answer = await admin.post(`/users/${who.id}/password`, {
    newPassword: password,
    confirmPassword: 'x',
  })
  expect(told(answer.text)).toEqual({
    newPassword: expect.stringContaining('the current password'),
    confirmPassword: differs,
  })
})

test('a wrong or missing old password is told along with the new one, of which nothing is given away (fault 29)', async () => {
  const who = await worker()
  const me = await app.signIn(who)
  const before = await credential(app.db, who)
  const wrong = await me.post('/account/password', {
    currentPassword: 'wrong',
    newPassword: 'short',
    confirmPassword: '',
  })
  expect(told(wrong.text)).toEqual({
    currentPassword: expect.stringContaining('isn’t your current password'),
    newPassword: short,
    confirmPassword: noConfirmation,
  })
  const none = await me.post('/account/password', {
    currentPassword: '',
    newPassword: 'short',
    confirmPassword: 'x',
  })
  expect(told(none.text)).toEqual({
    currentPassword: 'Enter your current password.',
    newPassword: short,
    confirmPassword: differs,
  })
  const guess = await me.post('/account/password', {
    currentPassword: 'wrong',
    newPassword: password,
    confirmPassword: password,
  })
  expect(told(guess.text)).toEqual({
    currentPassword: expect.stringContaining('isn’t your current password'),
  })
  expect(await credential(app.db, who)).toEqual(before)
})

test('what the office ticked stays as it was ticked (fault 29)', async () => {
  const who = await worker()
  const answer = await admin.post(`/users/${who.id}/password`, {
    newPassword: 'short',
    confirmPassword: '',
    endSessions: '1',
  })
  expect(answer.text).toMatch(/name="endSessions" value="1" checked/)
  expect(answer.text).not.toMatch(/name="mustChange" value="1" checked/)
})

describe('adding and editing somebody', () => {
  const gone = crypto.randomUUID()

  test('tells all at once, what the database would refuse too, and keeps what was typed (fault 29)', async () => {
    const answer = await admin.post('/fieldworkers/new', {
      name: '',
      email: 'SAM@firm.test',
      phone: 'call me',
      teamId: gone,
    })
    expect([answer.status, told(answer.text)]).toEqual([
      422,
      {
        name: 'Enter a name.',
        email: expect.stringContaining('Another account has this address. It is that of Sam Field'),
        phone: expect.stringContaining('Enter a phone number'),
        teamId: expect.stringContaining('no longer exists'),
      },
    ])
    for (const typed of ['SAM@firm.test', 'call me']) expect(answer.text).toContain(`value="${typed}"`)
  })

  test('tells of a taken address and a team that is gone together (fault 29)', async () => {
    const answer = await admin.post('/fieldworkers/new', {
      name: 'Nia',
      email: 'sam@firm.test',
      teamId: gone,
    })
    expect(Object.keys(told(answer.text))).toEqual(['email', 'teamId'])
  })

  test('tells of the role along with the rest (fault 29)', async () => {
    const fields = { name: '', email: 'sam@firm.test', roleId: gone }
    const answer = await admin.post('/settings/company/users/new', fields)
    expect(Object.keys(told(answer.text)).sort()).toEqual(['email', 'name', 'roleId'])
    const { id: dispatcher } = await one(
      app.db,
      z.object({ id: z.string() }),
      sql`select id from roles where name = 'Dispatcher'`,
    )
    const teamless = await admin.post('/settings/company/users/new', {
      ...fields,
      roleId: dispatcher,
      teamId: '',
    })
    expect(Object.keys(told(teamless.text)).sort()).toEqual(['email', 'name', 'teamId'])
  })

  test('tells all at once where somebody is edited, and not of their own address (fault 29)', async () => {
    const who = await worker()
    const form = { name: '', email: 'otto@firm.test', phone: 'call me', teamId: gone }
    const answer = await admin.post(`/users/${who.id}/details`, form)
    expect(Object.keys(told(answer.text)).sort()).toEqual(['email', 'name', 'phone', 'teamId'])
    const own = await admin.post(`/users/${who.id}/details`, { ...form, email: who.email.toUpperCase() })
    expect(Object.keys(told(own.text)).sort()).toEqual(['name', 'phone', 'teamId'])
    const both = await admin.post(`/users/${who.id}/details`, {
      name: 'Wes',
      email: 'otto@firm.test',
      teamId: gone,
    })
    expect(Object.keys(told(both.text)).sort()).toEqual(['email', 'teamId'])
  })
})

test('one’s own address is judged along with the password (fault 29)', async () => {
  const who = await worker()
  const me = await app.signIn(who)
  const bad = await me.post('/account/email', { email: 'nowhere', password: 'wrong' })
  expect(Object.keys(told(bad.text)).sort()).toEqual(['email', 'password'])
  const own = await me.post('/account/email', { email: who.email, password: 'wrong' })
  expect(Object.keys(told(own.text)).sort()).toEqual(['email', 'password'])
})

test('the filter of the log tells all that is wrong, and keeps the rest asked for (fault 29)', async () => {
  const answer = await admin.get(
    '/activity-log?from=2026-03-09&to=2026-03-01&ip=nonsense&actor=Nobody+Atall&about=Sam&category=security',
  )
  expect([answer.status, Object.keys(told(answer.text)).sort()]).toEqual([422, ['actor', 'ip', 'to']])
  expect(answer.text).toContain('value="Sam"')
  const csv = await admin.get('/activity-log.csv?from=2026-03-09&to=2026-03-01&ip=nonsense')
  expect([csv.status, Object.keys(told(csv.text)).sort()]).toEqual([422, ['ip', 'to']])
})

describe('settings', () => {
  test('of a role: its name and how far it reaches (fault 29)', async () => {
    const odd = { name: '', scope: 'team', permissions: 'settings.manage' }
    const roles = '/settings/company/roles/new'
    expect(Object.keys(told((await owner.post(roles, odd)).text)).sort()).toEqual(['name', 'scope'])
    expect(told((await owner.post(roles, { ...odd, name: 'dispatcher' })).text)).toMatchObject({
      name: expect.stringContaining('Another role has this name'),
      scope: expect.stringContaining('affect the whole company'),
    })
  })

  test('of a canned response: a name that is taken and a text without its link (fault 29)', async () => {
    const responses = '/settings/communications/canned-responses'
    const { name } = await one(
      app.db,
      z.object({ name: z.string() }),
      sql`select name from canned_responses limit 1`,
    )
    const answer = await admin.post(
      responses,
      { name: name.toUpperCase(), subject: '', body: 'Hello' },
      `${responses}/new`,
    )
    expect(Object.keys(told(answer.text)).sort()).toEqual(['body', 'name', 'subject'])
  })

  test('of the company: its name and its time zone (fault 29)', async () => {
    const answer = await owner.post('/settings/company/profile', { name: '', timeZone: 'Mars/Base' })
    expect(Object.keys(told(answer.text)).sort()).toEqual(['name', 'timeZone'])
  })

  test('of an automation: numbers, and people who are not there (fault 29)', async () => {
    const answer = await save(admin, 'enforce', { days: 'many', graceHours: '0', exempt: 'nobody@firm.test' })
    expect([answer.status, textOf(answer.text)]).toEqual([
      422,
      expect.stringContaining('No account has the address nobody@firm.test'),
    ])
    expect(textOf(answer.text)).toContain('Enter a whole number of days')
    expect(textOf(answer.text)).toContain('Enter a whole number of hours')
    await admin.get(`${list}/enforce`).expect(200)
  })
})
