import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { many, run, sql } from '../../../src/platform/db.ts'
import { createTestApp } from '../../support/test-app.ts'
import { activityFor, type TestUser } from '../../support/people.ts'
import { scriptedMailServer, type Stage } from '../../support/scripted-mail-server.ts'
import { textOf, type HttpClient } from '../../support/http-client.ts'
import { resetRateLimits } from '../../support/rate-limits.ts'

const app = createTestApp()
let admin: HttpClient
let relay: Awaited<ReturnType<typeof scriptedMailServer>>
beforeAll(async () => {
  admin = await app.as('admin')
  relay = await scriptedMailServer()
})
afterAll(() => relay.close())
beforeEach(() => resetRateLimits(app.db))

/** The office sends somebody a reset link, and the mail server says this at this stage. */
async function sendReset(stage: Stage, answer: string): Promise<TestUser> {
  const who = await app.createUser({ name: 'Bas Refused', role: 'Fieldworker' })
  const fields = { returnTo: `/fieldworkers/${who.id}` }
  await admin.post(`/users/${who.id}/password-reset`, fields, '/fieldworkers')
  relay.script = (at) => (at === stage ? answer : undefined)
  await app.runJobs({ SMTP_URL: relay.url, MAIL_FROM: 'fieldkey@acme.test' })
  return who
}
const profile = async ({ id }: TestUser) => textOf((await admin.get(`/fieldworkers/${id}`)).text)
const waitingJobs = () =>
  many(
    app.db,
    z.object({ attempts: z.number() }),
    sql`select attempts from graphile_worker.jobs where task_identifier = 'deliver_email'`,
  )

test.each<[Stage, string]>([
  ['RCPT', '550 5.1.1 No such user'],
  ['message', '552 5.2.2 Mailbox full'],
  ['RCPT', '550 Unrouteable address'],
])(
  'an email that %s refuses for good with "%s" fails at once, and the profile says so (fault 20)',
  async (stage, answer) => {
    const who = await sendReset(stage, answer)
    expect(await waitingJobs()).toEqual([])
    expect(await activityFor(app.db, who, 'mail_failed')).toMatchObject([
      { details: { template: 'password_reset', answer: expect.stringContaining(answer) as string } },
    ])
    expect(await profile(who)).toMatch(new RegExp(`Password reset failed .*${answer}`, 'i'))
  },
)

test.each<[Stage, string]>([
  ['RCPT', '450 4.2.0 Greylisted'],
  ['greeting', '554 5.7.1 Not today'],
  ['message', '550 5.4.5 Daily user sending limit exceeded'],
])(
  'an email that %s refuses for now or because of us with "%s" is tried again (fault 20)',
  async (stage, answer) => {
    const who = await sendReset(stage, answer)
    expect(await waitingJobs()).toEqual([{ attempts: 1 }])
    expect(await activityFor(app.db, who, 'mail_failed')).toEqual([])
    expect(await profile(who)).toMatch(new RegExp(`Password reset queued .*${answer}`, 'i'))
    await run(app.db, sql`update graphile_worker._private_jobs set run_at = now()`)
    relay.script = () => undefined
    await app.runJobs({ SMTP_URL: relay.url, MAIL_FROM: 'fieldkey@acme.test' })
    expect(relay.accepted.at(-1)).toBe(who.email)
    expect(await waitingJobs()).toEqual([])
  },
)

test('an email that is given up because of us does not count against the person (fault 20)', async () => {
  const bouncing = async (answer: string) => {
    const who = await app.createUser({ name: 'Bas Twice', role: 'Fieldworker' })
    for (let n = 0; n < 2; n++) {
      await resetRateLimits(app.db)
      await admin.post(`/users/${who.id}/password-reset`, { returnTo: '/fieldworkers' }, '/fieldworkers')
      await run(app.db, sql`update graphile_worker._private_jobs set max_attempts = 1`)
      relay.script = (at) => (at === 'RCPT' ? answer : undefined)
      await app.runJobs({ SMTP_URL: relay.url, MAIL_FROM: 'fieldkey@acme.test' })
    }
    expect(await activityFor(app.db, who, 'mail_failed')).toHaveLength(2)
    return textOf((await admin.get(`/campaigns/new?ids=${who.id}`)).text).includes('The last two')
  }
  expect(await bouncing('550 5.1.1 No such user')).toBe(true)
  expect(await bouncing('550 5.7.1 Refused by policy')).toBe(false)
})

test('single emails go on by a fresh connection when the server takes only three on one (fault 21)', async () => {
  relay.accepted.length = 0
  const before = await waitingJobs()
  const people: TestUser[] = []
  for (let n = 0; n < 8; n++) {
    await resetRateLimits(app.db)
    const who = await app.createUser({ name: 'Bas Eighth', role: 'Fieldworker' })
    await admin.post(`/users/${who.id}/password-reset`, { returnTo: '/fieldworkers' }, '/fieldworkers')
    people.push(who)
  }
  relay.script = (at, _to, { taken }) =>
    at === 'RCPT' && taken >= 3 ? '452 4.5.3 Too many recipients' : undefined
  await app.runJobs({ SMTP_URL: relay.url, MAIL_FROM: 'fieldkey@acme.test' })
  expect(relay.accepted.toSorted()).toEqual(people.map(({ email }) => email).toSorted())
  expect(await waitingJobs()).toEqual(before)
})
