import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '../../src/access/actor.ts'
import { selectAttention } from '../../src/desk/today/queries.ts'
import { run, sql, type Queryable, type Sql } from '../../src/platform/db.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'
import type { TestUser } from '../support/people.ts'
import { answer, sendCode } from '../support/caller-check.ts'
import { resetRateLimits } from '../support/rate-limits.ts'
import { customRole } from '../support/roles.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const temporary = 'copper lantern meadow 17'
let admin: HttpClient
let dispatcher: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
  dispatcher = await app.as('dispatcher')
})
beforeEach(() => resetRateLimits(app.db))

const change = (who: TestUser, set: Sql) => run(app.db, sql`update users set ${set} where id = ${who.id}`)
const page = async (who: HttpClient) => (await who.get('/today').expect(200)).text
/** Each row that needs attention: the colour, and what it says with its button last. */
const rowsOf = (html: string) => {
  const list = /aria-labelledby="attention"[\s\S]*?<\/section>/.exec(html)?.[0] ?? ''
  return [...list.matchAll(/<li class="(\w*)">([\s\S]*?)<\/li>/g)].map(
    ([, colour, row = '']) => `${colour || 'plain'}: ${textOf(row)}`,
  )
}
const rows = async (who = dispatcher) => rowsOf(await page(who))
const rowOf = async (person: TestUser, who = dispatcher) =>
  (await rows(who)).filter((row) => row.includes(person.name))

let made = 0
const worker = (traits = {}) =>
  app.createUser({ name: `Wanda Worker${++made}`, role: 'Fieldworker', team: 'North', ...traits })

async function lockOut(who: TestUser) {
  const client = app.client()
  const _csrf = await client.token('/sign-in')
  for (let i = 0; i < 5; i++)
    await client.postBare('/sign-in', { _csrf, email: who.email, password: 'wrong' })
}
async function giveTemporary(who: TestUser) {
  const fields = { newPassword: temporary, confirmPassword: temporary, mustChange: '1' }
  expect((await admin.post(`/users/${who.id}/password`, fields)).status).toBe(303)
}
/** An email that came back: the last one to this address. */
const bounce = ({ id, name, email }: TestUser, at = sql`now()`) =>
  run(
    app.db,
    sql`insert into emails (template, user_id, to_name, to_address, data, status, server_answer, created_at)
        values ('password_reset', ${id}, ${name}, ${email}, '{}', 'failed', '550 5.1.1 mailbox unknown', ${at})`,
  )
const endOfToday = sql`date_trunc('day', now()) + interval '23 hours 59 minutes 59 seconds'`

const at = '\\w[\\w ]*, \\d\\d:\\d\\d|\\d\\d:\\d\\d'
const kinds: {
  what: string
  arrange: () => Promise<TestUser>
  row: RegExp
  /** Presses the button of the row: then it is gone, or says something else. */
  press?: string
}[] = [
  {
    what: 'is locked out',
    arrange: async () => {
      const who = await worker()
      await lockOut(who)
      return who
    },
    row: /^bad: Wanda Worker\d+ Locked.* Unlock for Wanda Worker\d+$/,
    press: 'unlock',
  },
  {
    what: 'has a temporary password that expires today',
    arrange: async () => {
      const who = await worker()
      await giveTemporary(who)
      await change(who, sql`temporary_password_expires_at = ${endOfToday}`)
      return who
    },
    row: new RegExp(`^warn: Wanda Worker\\d+ .*expires? (${at}).* Send reset link for Wanda Worker\\d+$`),
  },
  {
    what: 'has a temporary password that expired unused',
    arrange: async () => {
      const who = await worker()
      await giveTemporary(who)
      await change(who, sql`temporary_password_expires_at = now() - interval '1 minute'`)
      await app.expireTemporaryPasswords()
      return who
    },
    row: /^bad: Wanda Worker\d+ .*[Tt]emporary password has expired.* Send reset link for Wanda Worker\d+$/,
  },
  {
    what: 'did not get the last email',
    arrange: async () => {
      const who = await worker()
      await bounce(who)
      return who
    },
    row: /^warn: Wanda Worker\d+ .*bounced.*550 5\.1\.1 mailbox unknown/,
  },
  {
    what: 'has not verified the address, though asked',
    arrange: async () => {
      const who = await worker({ verified: false })
      await dispatcher.post(`/users/${who.id}/email-verification`, {}, '/fieldworkers')
      await app.runJobs()
      return who
    },
    row: /^warn: Wanda Worker\d+ .*not verified.* Send verification for Wanda Worker\d+$/,
  },
]

describe('somebody needs attention who', () => {
  test.each(kinds)('$what', async ({ arrange, row, press }) => {
    const who = await arrange()
    const [shown, ...more] = await rowOf(who)
    expect(shown).toMatch(row)
    expect(more).toEqual([])
    if (!press) return
    const answer = await dispatcher.post(`/users/${who.id}/${press}`, { returnTo: '/today' }, '/today')
    expect([answer.status, answer.headers.location]).toEqual([303, '/today'])
    expect((await rowOf(who)).join()).not.toMatch(row)
  })

  test('was invited, and the invitation is about to expire', async () => {
    const email = `wanda.${crypto.randomUUID()}@firm.test`
    await admin.post('/fieldworkers/new', { name: 'Ingrid Invited', email, phone: '', teamId: '' })
    const invited = async () => (await rows(admin)).filter((row) => row.includes('Ingrid Invited'))
    await app.runJobs()
    expect(await invited()).toEqual([])
    await run(app.db, sql`update links set expires_at = now() + interval '1 day' where purpose = 'invite'`)
    expect(await invited()).toEqual([
      expect.stringMatching(/^plain: .* Resend invitation for Ingrid Invited$/),
    ])
  })
})

describe('row 214: a call that was not theirs', () => {
  test('is told before all else when they say so, with the way to what was changed', async () => {
    const who = await worker()
    await lockOut(await worker())
    await sendCode(dispatcher, who)
    const client = await app.signIn(who)
    expect((await client.post('/account/caller-code/refuse', {}, '/account')).status).toBe(303)
    const [first] = await rows(admin)
    expect(first).toMatch(
      new RegExp(
        `^bad: ${who.name} Did not phone the office \\(today, \\d\\d:\\d\\d\\)\\. .* Look at the activity of ${who.name}$`,
      ),
    )
    expect((await rowOf(who))[0]).not.toContain('Look at the activity')
  })

  test('is told when three wrong codes were read out', async () => {
    const who = await worker()
    await sendCode(dispatcher, who)
    for (let i = 0; i < 3; i++) await answer(dispatcher, who, { code: '000000' })
    expect((await rowOf(who))[0]).toMatch(
      /^bad: .* A caller read out three wrong codes \(today, \d\d:\d\d\)\./,
    )
  })
})

describe('nobody needs attention who', () => {
  test('signed in after all', async () => {
    const who = await worker()
    await lockOut(who)
    await run(app.db, sql`delete from password_failures`)
    await app.signIn(who)
    expect(await rowOf(who)).toEqual([])
  })

  test('got a later email', async () => {
    const who = await worker()
    await bounce(who, sql`now() - interval '1 hour'`)
    await app.client().post('/forgot-password', { email: who.email })
    await app.runJobs()
    expect(await rowOf(who)).toEqual([])
  })

  test('is blocked or inactive', async () => {
    for (const status of ['blocked', 'inactive']) {
      const who = await worker()
      await bounce(who)
      await change(who, sql`status = ${status}`)
      expect(await rowOf(who, admin)).toEqual([])
    }
  })

  test('has had the trouble for longer than a week', async () => {
    const who = await worker()
    await bounce(who, sql`now() - interval '8 days'`)
    expect(await rowOf(who)).toEqual([])
  })
})

test('row 239: a team’s dispatcher sees their own team alone', async () => {
  const [mine, other] = [await worker(), await worker({ team: 'Harbour' })]
  for (const who of [mine, other]) await lockOut(who)
  expect([(await rowOf(mine)).length, (await rowOf(other)).length]).toEqual([1, 0])
  expect((await rowOf(other, admin)).length).toBe(1)
  const html = await page(dispatcher)
  expect(html).not.toContain('Sign-ins')
  expect(html).not.toContain('/activity-log')
  expect(html).not.toContain('/campaigns')
})

test('row 240: looking changes nothing, and who may look but not help gets no button', async () => {
  await customRole(app.db, 'Looker', ['users.view'])
  const looker = await app.signIn(await app.createUser({ name: 'Lo Looker', role: 'Looker' }))
  const who = await worker()
  await lockOut(who)
  const [row] = await rowOf(who, looker)
  expect(row).toMatch(/^bad: /)
  expect(row).not.toContain('Unlock for')
})

test('of many with the same trouble the first are shown, and where the others are', async () => {
  for (let i = 0; i < 7; i++) await lockOut(await worker())
  const html = await page(dispatcher)
  expect(rowsOf(html).filter((row) => row.startsWith('bad: ') && row.includes('Unlock for')).length).toBe(5)
  expect(html).toContain('href="/settings/company/users?state=locked"')
})

test('campaigns under way are there for those who run them', async () => {
  const who = await worker()
  const response = await admin.get('/campaigns/new?all=1')
  const cannedResponseId = /name="cannedResponseId" value="([^"]+)"/.exec(response.text)?.[1] ?? ''
  expect(
    (await admin.post('/campaigns', { cannedResponseId, ids: who.id }, '/campaigns/new?all=1')).status,
  ).toBe(303)
  expect(textOf(await page(admin))).toMatch(
    /Campaigns under way All campaigns .* 0 of 1 have changed their password\./,
  )
  expect(await page(dispatcher)).not.toContain('Campaigns under way')
})

test('the last check of the log is told, and a broken chain is told loudly', async () => {
  expect(textOf(await page(admin))).toContain('First nightly check runs tonight')
  await run(app.db, sql`insert into activity_checks (entries, head_seq, head_hash) values (18122, 18122, '')`)
  expect(textOf(await page(admin))).toMatch(/Checked today, \d\d:\d\d 18,122 entries, none changed/)
})

test('an index serves each thing that is looked for', async () => {
  const plan: string[] = []
  await app.db.transaction(async (tx) => {
    await tx.query(sql`set local enable_seqscan = off`) // where no index serves, the plan scans all the same
    const explaining = {
      async query(statement: Sql) {
        const { rows } = await tx.query(sql`explain ${statement}`)
        plan.push(...(rows as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN']))
        return { rows: [] }
      },
    } as unknown as Queryable
    const anybody = { role: { scope: 'company' } } as Actor
    await selectAttention(explaining, anybody, 'UTC', 6)
  })
  const text = plan.join('\n')
  expect(text).not.toContain('Seq Scan')
  for (const index of ['activity_log_by_event', 'emails_by_status', 'emails_by_template'])
    expect(text).toContain(index)
  expect(text).toMatch(/links_(open_invitations|of_user)/) // while there are few, either is as good
})

describe('who lands there', () => {
  test.each([
    ['admin', '/today'],
    ['dispatcher', '/today'],
    ['auditor', '/activity-log'],
    ['sam', '/account'],
  ] as const)('%s comes to %s', async (who, place) => {
    expect((await (await app.as(who)).get('/')).headers.location).toBe(place)
  })

  test.each(['auditor', 'sam'] as const)('%s is refused there', async (who) => {
    await (await app.as(who)).get('/today').expect(403)
  })
})
