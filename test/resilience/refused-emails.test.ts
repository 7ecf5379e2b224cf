import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { many, one, run, sql } from '../../src/platform/db.ts'
import { createTestApp } from '../support/test-app.ts'
import { activityFor, type TestUser } from '../support/people.ts'
import { scriptedMailServer, type Script, type Stage } from '../support/scripted-mail-server.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'

const app = createTestApp()
let admin: HttpClient
let cannedResponseId: string
let relay: Awaited<ReturnType<typeof scriptedMailServer>>
beforeAll(async () => {
  admin = await app.as('admin')
  const row = z.object({ id: z.string() })
  const season = await one(app.db, row, sql`select id from canned_responses where name = 'Season start'`)
  cannedResponseId = season.id
})
beforeEach(async () => {
  await run(
    app.db,
    sql`update campaigns set status = 'finished', started_at = started_at - interval '2 days'`,
  )
  await run(app.db, sql`update campaign_people set due_at = null`)
  relay = await scriptedMailServer()
})
afterEach(() => relay.close())

let crews = 0
async function crew(size: number): Promise<TestUser[]> {
  const name = `Bas Crew${++crews}`
  const people: TestUser[] = []
  for (let i = 0; i < size; i++)
    people.push(await app.createUser({ name: `${name} ${i}`, role: 'Fieldworker' }))
  return people
}
async function start(people: TestUser[], emailsPerSecond = '1000'): Promise<string> {
  const fields = { cannedResponseId, emailsPerSecond, ids: people.map(({ id }) => id) }
  const answer = await admin.post('/campaigns', fields, '/campaigns/new?all=1')
  expect(answer.status).toBe(303)
  return String(answer.headers.location)
}
async function runJobs(script: Script) {
  relay.script = script
  await app.runJobs({ SMTP_URL: relay.url, MAIL_FROM: 'fieldkey@acme.test' })
}
const page = async (address: string) => textOf((await admin.get(address)).text)
const states = async (address: string) =>
  (
    await many(
      app.db,
      z.object({ state: z.string(), skip_reason: z.string().nullable() }),
      sql`select p.state, p.skip_reason from campaign_people p join users u on u.id = p.user_id
          where campaign_id = ${address.split('/').at(-1)} order by u.name`,
    )
  ).map(({ state, skip_reason }) => skip_reason ?? state)
/** Makes held and deferred emails due now. */
const later = async () => {
  await run(app.db, sql`update campaigns set held_until = now() where held_until is not null`)
  await run(app.db, sql`update campaign_people set due_at = now() where due_at is not null`)
  await run(app.db, sql`update graphile_worker._private_jobs set run_at = now()`)
}

describe('a refusal of the sender holds the campaign, shows the server’s answer, and fails no one', () => {
  test.each<[string, Stage, string, string]>([
    ['a greeting', 'greeting', '554 5.7.1 You are not welcome', 'refuses all our emails'],
    ['a refused sender', 'MAIL', '530 5.7.0 Authentication required', 'refuses all our emails'],
    ['a quota in words of a person', 'MAIL', '553 5.1.1 Sender rejected', 'refuses all our emails'],
    ['a daily limit', 'message', '550 5.4.5 Daily user sending limit exceeded', 'refuses all our emails'],
    ['a policy', 'RCPT', '554 5.7.1 Message refused by policy', 'refuses all our emails'],
    ['a bad address at DATA', 'DATA', '554 5.1.1 User unknown', 'refuses all our emails'],
    ['no reverse DNS', 'RCPT', '550 No RDNS entry', 'refuses all our emails'],
    ['a quota in Spanish', 'RCPT', '550 Cuota excedida', 'refuses all our emails'],
    ['a rate', 'message', '550 5.7.1 Too many messages per minute', 'asks for fewer emails'],
  ])('%s (fault 19)', async (_, stage, answer, reason) => {
    const people = await crew(2)
    const address = await start(people, '200')
    await runJobs((at) => (at === stage ? answer : undefined))
    expect(await page(address)).toContain(`The mail server ${reason}:`)
    expect(await page(address)).toContain(answer)
    expect(await states(address)).toEqual(['queued', 'queued'])
    for (const who of people) expect(await activityFor(app.db, who, 'mail_failed')).toEqual([])

    await later()
    await runJobs(() => undefined)
    expect(await states(address)).toEqual(['sent', 'sent'])
    expect(await page(address)).toContain('All emails have been sent')
  })

  test('halves the rate when the server asks for fewer emails, and the page still says so afterwards (fault 19)', async () => {
    const people = await crew(3)
    const address = await start(people, '4')
    let messages = 0
    await runJobs((at) =>
      at === 'message' && messages++ === 0 ? '451 4.7.1 Rate limit exceeded' : undefined,
    )
    const { rate } = await one(
      app.db,
      z.object({ rate: z.number() }),
      sql`select emails_per_second as rate from campaigns where id = ${address.split('/').at(-1)}`,
    )
    expect(rate).toBe(2)
  })
})

test('greylisting with a permanent code defers emails and fails no one (fault 19)', async () => {
  const people = await crew(2)
  const address = await start(people, '200')
  await runJobs((at) =>
    at === 'RCPT' ? '550 Please see greylisting.org, come back in 5 minutes' : undefined,
  )
  expect(await states(address)).toEqual(['queued', 'queued'])
  await later()
  await runJobs(() => undefined)
  expect(await states(address)).toEqual(['sent', 'sent'])
  for (const who of people) expect(await activityFor(app.db, who, 'mail_failed')).toEqual([])
})

test('a refusal of one person fails that person at once, others are sent, greylisted ones are deferred (fault 19)', async () => {
  const answers = [
    '550 5.1.1 No such user',
    '552 5.2.2 Mailbox full',
    '550 5.2.1 Mailbox disabled',
    '450 4.2.0 Greylisted',
  ]
  const people = await crew(6)
  const address = await start(people)
  const answerTo = new Map(people.map(({ email }, n) => [email, answers[n]]))
  await runJobs((at, to) => (at === 'RCPT' ? answerTo.get(to) : undefined))
  expect(await states(address)).toEqual(['failed', 'failed', 'failed', 'queued', 'sent', 'sent'])
  for (const [n, who] of people.slice(0, 3).entries())
    expect(await activityFor(app.db, who, 'mail_failed')).toMatchObject([
      { details: { answer: expect.stringContaining(answers[n] ?? '') as string } },
    ])
  await later()
  await runJobs(() => undefined)
  expect(await states(address)).toEqual(['failed', 'failed', 'failed', 'sent', 'sent', 'sent'])
})

test('two refusals in a row of one person skip that person in the next campaign (fault 19)', async () => {
  const people = await crew(2)
  for (const answer of ['550 5.2.1 Mailbox disabled', '552 5.2.2 Mailbox full']) {
    await start(people)
    await runJobs((at, to) => (at === 'message' && to === people[0]?.email ? answer : undefined))
    await run(
      app.db,
      sql`update campaigns set status = 'finished', started_at = started_at - interval '2 days'`,
    )
  }
  const address = await start(people)
  expect(await states(address)).toEqual(['bouncing', 'queued'])
})

test('a person refused because of the sender, while others get through, fails in the end and is not skipped later (fault 19)', async () => {
  const [refused, ...others] = await crew(4)
  if (!refused) throw new Error('no one was created')
  const script: Script = (at, to) =>
    at === 'RCPT' && to === refused.email ? '550 5.7.1 Refused by policy' : undefined
  for (let campaigns = 0; campaigns < 2; campaigns++) {
    const address = await start([refused, ...others])
    await runJobs(script)
    expect(await states(address)).toEqual(['queued', 'sent', 'sent', 'sent'])
    await run(
      app.db,
      sql`update campaign_people set tries = 11, refused_since = now() - interval '2 hours' where due_at is not null`,
    )
    await later()
    await runJobs(script)
    expect(await states(address)).toEqual(['failed', 'sent', 'sent', 'sent'])
    expect(await page(address)).toContain('550 5.7.1 Refused by policy')
    await run(
      app.db,
      sql`update campaigns set status = 'finished', started_at = started_at - interval '2 days'`,
    )
  }
  expect(await states(await start([refused, ...others]))).toEqual(['queued', 'queued', 'queued', 'queued'])
})

test('when no one gets through, no one fails before a day has passed, however many attempts (fault 19)', async () => {
  const address = await start(await crew(2))
  const refuseAll: Script = (at) => (at === 'RCPT' ? '451 4.3.0 Local trouble' : undefined)
  await runJobs(refuseAll)
  await run(app.db, sql`update campaign_people set tries = 40 where due_at is not null`)
  await later()
  await runJobs(refuseAll)
  expect(await states(address)).toEqual(['queued', 'queued'])
  await run(
    app.db,
    sql`update campaign_people set refused_since = now() - interval '25 hours' where due_at is not null`,
  )
  await later()
  await runJobs(refuseAll)
  expect(await states(address)).toEqual(['failed', 'failed'])
})

describe('a mail server that accepts three emails on a connection', () => {
  const limit = (stage: Stage, answer: string): Script => {
    return (at, _to, { taken }) => (at === stage && taken >= 3 ? answer : undefined)
  }
  const trouble = (address: string) =>
    one(
      app.db,
      z.object({ holds: z.number(), held_by: z.string().nullable(), slowed_answer: z.string().nullable() }),
      sql`select holds, held_by, slowed_answer from campaigns where id = ${address.split('/').at(-1)}`,
    )

  test.each<[Stage, string]>([
    ['MAIL', '451 4.7.1 Too many messages on this connection'],
    ['MAIL', '451 4.7.1 Try again later'],
    ['MAIL', '550 5.7.1 Too many messages on this connection'],
    ['MAIL', '421 4.7.0 Too many messages on this connection'],
    ['RCPT', '452 4.5.3 Too many recipients'],
    ['RCPT', '451 4.3.2 Try again later'],
    ['RCPT', '550 5.7.1 Session limit reached'],
    ['RCPT', '421 4.7.0 Session limit reached'],
    ['DATA', '451 4.7.1 Session limit reached'],
    ['message', '452 4.7.1 Too many messages on this connection'],
    ['message', '554 5.7.0 Session limit reached'],
    ['message', '421 4.7.0 Session limit reached'],
  ])(
    'and then answers %s with "%s" gets a whole campaign without a pause (fault 21)',
    async (stage, answer) => {
      const people = await crew(26)
      const address = await start(people)
      const script = limit(stage, answer)
      const refusedOn: number[] = []
      await runJobs((...asked) => {
        const refusal = script(...asked)
        if (refusal) refusedOn.push(asked[2].nth)
        return refusal
      })
      expect(new Set(await states(address))).toEqual(new Set(['sent']))
      expect(await trouble(address)).toEqual({ holds: 0, held_by: null, slowed_answer: null })
      expect(refusedOn).toEqual([...new Set(refusedOn)]) // no connection is used after a refusal
      expect(relay.accepted.toSorted()).toEqual(people.map(({ email }) => email).toSorted())
    },
  )

  test.each([
    ['550 5.1.1 No such user', 'failed'],
    ['450 4.2.0 Greylisted', 'queued'],
    ['452 4.2.2 Mailbox full', 'queued'],
  ])(
    'and then refuses addresses with "%s" is not asked about them twice (fault 21)',
    async (words, state) => {
      const people = await crew(26)
      const address = await start(people)
      const bad = new Set<string>()
      let refused = 0
      await runJobs((at, to, { taken }) => {
        if (at !== 'RCPT' || (taken < 3 && !bad.has(to))) return undefined
        bad.add(to)
        refused++
        return words
      })
      const unsent = await many(
        app.db,
        z.object({ tries: z.number() }),
        sql`select tries from campaign_people where campaign_id = ${address.split('/').at(-1)} and state <> 'sent'`,
      )
      expect(unsent.reduce((sum, { tries }) => sum + tries, 0)).toBe(refused)
      expect(new Set(await states(address))).toEqual(new Set(['sent', state]))
    },
  )
})

test.each<[Stage, string, string]>([
  ['RCPT', '421 4.3.2 Service shutting down', 'away'],
  ['MAIL', '451 4.7.1 Try again later', 'away'],
  ['RCPT', '452 4.5.3 Too many recipients', 'slower'],
])(
  'a server that answers every %s with "%s" is asked once for each email before each hold, each time on a fresh connection, and fails no one (fault 21)',
  async (stage, answer, heldBy) => {
    const people = await crew(2)
    const address = await start(people)
    const askedOn: number[] = []
    await runJobs((at, _to, { nth }) => (at === stage ? (askedOn.push(nth), answer) : undefined))
    const row = z.object({ holds: z.number(), held_by: z.string() })
    const held = await one(
      app.db,
      row,
      sql`select holds, held_by from campaigns where id = ${address.split('/').at(-1)}`,
    )
    expect(held.held_by).toBe(heldBy)
    expect(askedOn.length).toBeLessThanOrEqual(people.length * held.holds)
    expect(askedOn).toEqual([...new Set(askedOn)])
    expect(await states(address)).toEqual(['queued', 'queued'])

    await later()
    await runJobs(() => undefined)
    expect(await states(address)).toEqual(['sent', 'sent'])
    for (const who of people) expect(await activityFor(app.db, who, 'mail_failed')).toEqual([])
  },
)
