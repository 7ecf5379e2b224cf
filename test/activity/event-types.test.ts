import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eventRows, tableRows } from '../../.build/docs.js'
import { allEventTypes, eventTypes, type EventType } from '../../src/activity/event-types.ts'
import { many, one, run, sql, type Queryable } from '../../src/platform/db.ts'
import { enqueue } from '../../src/platform/jobs.ts'
import { ageOfPassword, press, switchTo } from '../support/automations.ts'
import { files } from '../support/files.ts'
import { createTestApp } from '../support/test-app.ts'
import { password, type TestUser } from '../support/people.ts'
import type { HttpClient } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'

const app = createTestApp({ TRUST_PROXY: '1' })
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1'
let words = 0
const choice = () => {
  const newPassword = `copper lantern meadow ${++words}`
  return { newPassword, confirmPassword: newPassword }
}
const somebody = (traits: object = {}) =>
  app.createUser({ name: 'Sam Kind', role: 'Fieldworker', team: 'North', ...traits })

interface EventCase {
  event: EventType
  method?: string
  /** Details that the entry must hold. */
  details?: object
  /** Does it through the app; returns the person it is about, if any. */
  by: (admin: HttpClient) => Promise<TestUser | void>
}

const link = (to: TestUser) => app.newestLink(to)
const officeSets = async (admin: HttpClient, who: TestUser, mustChange = true) => {
  const fields = { ...choice(), ...(mustChange ? { mustChange: '1' } : {}) }
  await admin.post(`/users/${who.id}/password`, fields)
  return fields.newPassword
}
const askForLink = (who: TestUser, client = app.client()) =>
  client.post('/forgot-password', { email: who.email })
const wrongly = (email: string, from: string) => {
  const client = app.client()
  return client
    .token('/sign-in')
    .then((_csrf) =>
      client.postBare('/sign-in', { _csrf, email, password: 'not it' }).set('X-Forwarded-For', from),
    )
}
const daily = (job: string) => async () => {
  await app.db.transaction(async (tx) => enqueue(tx, job, {}))
  await app.runJobs()
}

const startCampaign = async (admin: HttpClient, who: TestUser) => {
  const { id } = await one(
    app.db,
    z.object({ id: z.string() }),
    sql`select id from canned_responses where name = 'Season start'`,
  )
  await admin.post('/campaigns', { cannedResponseId: id, ids: who.id }, '/campaigns/new?all=1')
}

const cannedResponses = '/settings/communications/canned-responses'

const statusEvent = (event: EventType, before: string, after: string): EventCase => ({
  event,
  details: { before, after },
  by: async (admin) => {
    const who = await somebody({ status: before })
    await admin.post(`/users/${who.id}/status`, { status: after }, '/account/password')
    return who
  },
})

const actions: EventCase[] = [
  {
    event: 'user_imported',
    details: { file: 'season.csv', line: 2, team: 'North' },
    by: async (admin) => {
      const file = 'name,email,phone,team\nIna Imported,ina.imported@firm.test,,North\n'
      const { headers } = await admin.upload('/fieldworkers/import', file, 'season.csv')
      await admin.post(`${headers.location}/start`, {}, '/account/password')
      await app.runJobs()
    },
  },
  statusEvent('user_activated', 'inactive', 'active'),
  statusEvent('user_deactivated', 'active', 'inactive'),
  statusEvent('user_blocked', 'active', 'blocked'),
  statusEvent('user_unblocked', 'blocked', 'active'),
  { event: 'sign_in', details: { remembered: false }, by: async () => signedIn(await somebody()) },
  {
    event: 'sign_in_failed',
    details: { reason: 'wrong_password' },
    by: async () => {
      const who = await somebody()
      await wrongly(who.email, '10.0.0.1')
      return who
    },
  },
  {
    event: 'sign_in_failed',
    details: { reason: 'blocked' },
    by: async () => {
      const who = await somebody({ status: 'blocked' })
      await app.client().post('/sign-in', { email: who.email, password })
      return who
    },
  },
  {
    event: 'sign_in_failed',
    details: { reason: 'unknown_account' },
    by: async () => void (await wrongly('nobody@firm.test', '10.0.0.2')),
  },
  {
    event: 'sign_in_failed',
    details: { reason: 'wrong_current_password' },
    by: async () => {
      const who = await somebody()
      await (await app.signIn(who)).post('/account/password', { currentPassword: 'not it', ...choice() })
      return who
    },
  },
  {
    event: 'sign_in_throttled',
    details: { reason: 'wrong_passwords', failures: 5, network: false },
    by: async () => {
      const who = await somebody()
      for (let i = 0; i < 5; i++) await wrongly(who.email, `10.0.1.${i}`)
      return who
    },
  },
  {
    event: 'sign_in_throttled',
    details: { reason: 'wrong_passwords_from_network', network: true },
    by: async () => {
      await wrongly('first@firm.test', '10.0.2.1')
      await run(app.db, sql`update rate_limits set points = 999 where key = 'sign-in:10.0.2.1'`)
      await wrongly('last@firm.test', '10.0.2.1')
    },
  },
  {
    event: 'sign_in_unlocked',
    details: { failures: 5 },
    by: async (admin) => {
      const who = await somebody()
      for (let i = 0; i < 5; i++) await wrongly(who.email, `10.0.3.${i}`)
      await admin.post(`/users/${who.id}/unlock`, {}, '/account/password')
      return who
    },
  },
  {
    event: 'sign_in_code_shown',
    details: { expires_at: expect.any(String) as string },
    by: async (admin) => {
      const who = await somebody()
      await admin.post(`/users/${who.id}/sign-in-code`, {}, '/account/password')
      return who
    },
  },
  {
    event: 'sign_out',
    by: async () => {
      const who = await somebody()
      await (await app.signIn(who)).post('/sign-out', {}, '/account/password')
      return who
    },
  },
  {
    event: 'sessions_ended',
    details: { count: 1 },
    by: async (admin) => {
      const who = await somebody()
      await app.signIn(who)
      await admin.post(`/users/${who.id}/sessions/end`, {}, '/account/password')
      return who
    },
  },
  {
    event: 'password_change',
    method: 'admin',
    details: { temporary: true },
    by: async (admin) => {
      const who = await somebody()
      await officeSets(admin, who)
      return who
    },
  },
  {
    event: 'password_change',
    method: 'forced',
    by: async (admin) => {
      const who = await somebody()
      const temporary = await officeSets(admin, who)
      await (
        await app.signIn(who, false, temporary)
      ).post('/account/password', { currentPassword: temporary, ...choice() })
      return who
    },
  },
  {
    event: 'password_change',
    method: 'self',
    by: async () => {
      const who = await somebody()
      await (await app.signIn(who)).post('/account/password', { currentPassword: password, ...choice() })
      return who
    },
  },
  {
    event: 'password_change',
    method: 'mobile',
    by: async () => {
      const who = await somebody()
      await (await app.client(iphone).signIn(who.email, password)).post('/m/password', choice())
      return who
    },
  },
  {
    event: 'password_change',
    method: 'reset_link',
    by: async () => {
      const who = await somebody()
      const client = app.client()
      await askForLink(who, client)
      await client.get(await link(who))
      await client.post('/reset-password', choice())
      return who
    },
  },
  {
    event: 'password_change',
    method: 'invitation',
    by: async () => accepted(await somebody(uninvited)),
  },
  {
    event: 'user_activated',
    details: { before: 'invited', after: 'active' },
    by: async () => accepted(await somebody(uninvited)),
  },
  {
    event: 'password_reset_requested',
    by: async () => {
      const who = await somebody()
      await askForLink(who)
      await app.runJobs()
      return who
    },
  },
  {
    event: 'password_reset_sent',
    by: async (admin) => {
      const who = await somebody()
      await admin.post(`/users/${who.id}/password-reset`, {}, '/account/password')
      return who
    },
  },
  {
    event: 'email_verification_sent',
    by: async (admin) => {
      const who = await somebody({ verified: false })
      await admin.post(`/users/${who.id}/email-verification`, {}, '/account/password')
      return who
    },
  },
  {
    event: 'email_verified',
    by: async (admin) => {
      const who = await somebody({ verified: false })
      await admin.post(`/users/${who.id}/email-verification`, {}, '/account/password')
      const path = await link(who)
      await app.client().post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
      return who
    },
  },
  {
    event: 'user_created',
    details: { role: 'Fieldworker', team: 'North' },
    by: async (admin) => {
      const page = (await admin.get('/fieldworkers/new')).text
      const teamId = /value="([\w-]{36})"[^>]*>North</.exec(page)?.[1] ?? ''
      const fields = { name: 'Nia New', email: 'nia.new@firm.test', teamId }
      const { headers } = await admin.post('/fieldworkers/new', fields)
      return { ...fields, id: headers.location?.split('/').at(-1) ?? '' }
    },
  },
  {
    event: 'user_updated',
    details: { name_before: 'Sam Kind', name_after: 'Sam Kinder', team_before: 'North', team_after: null },
    by: async (admin) => {
      const who = await somebody()
      await admin.post(`/users/${who.id}/details`, { name: 'Sam Kinder', teamId: '' })
      return who
    },
  },
  {
    event: 'role_changed',
    details: { before: 'Fieldworker', after: 'Auditor', team_before: 'North', team_after: 'North' },
    by: async (admin) => {
      const who = await somebody()
      const page = (await admin.get(`/users/${who.id}/role`)).text
      const roleId = /value="([\w-]{36})"[^>]*>Auditor/.exec(page)?.[1] ?? ''
      await admin.post(`/users/${who.id}/role`, { roleId })
      return who
    },
  },
  {
    event: 'user_updated',
    details: { email_after: 'sam.moved@firm.test' },
    by: async () => {
      const who = await somebody()
      const client = await app.signIn(who)
      await client.post('/account/email', { email: 'sam.moved@firm.test', password })
      const path = await link({ ...who, email: 'sam.moved@firm.test' })
      await client.post('/verify-email', { token: path.split('/').at(-1) ?? '' }, path)
      return who
    },
  },
  {
    event: 'temporary_password_expired',
    by: async (admin) => {
      const who = await somebody()
      await officeSets(admin, who)
      await run(app.db, sql`update users set temporary_password_expires_at = now() where id = ${who.id}`)
      await daily('expire_temporary_passwords')()
      return who
    },
  },
  {
    event: 'impersonation_started',
    details: { reason: 'Cannot find the job sheet' },
    by: async () => (await loggedInAs()).who,
  },
  {
    event: 'impersonation_ended',
    details: { minutes: 0, reason: 'returned' },
    by: async () => {
      const { who, visitor: client } = await loggedInAs()
      await client.post('/impersonation/end', {}, '/account')
      return who
    },
  },
  {
    event: 'impersonation_ended',
    details: { minutes: 60, reason: 'expired' },
    by: async () => {
      const { who } = await loggedInAs()
      await run(
        app.db,
        sql`update impersonations set started_at = started_at - interval '1 hour', ends_at = ends_at - interval '1 hour'
            where user_id = ${who.id}`,
      )
      await daily('close_impersonations')()
      return who
    },
  },
  {
    event: 'policy_changed',
    details: { setting: 'activity log retention', after: '18 months' },
    by: async (admin) =>
      void (await admin.post('/activity-log/retention', { months: '18' }, '/activity-log/evidence')),
  },
  {
    event: 'policy_changed',
    details: { setting: 'teams', before: null, after: 'Valley' },
    by: async (admin) => void (await admin.post('/settings/company/teams', { name: 'Valley' })),
  },
  {
    event: 'policy_changed',
    details: { setting: 'evidence key' },
    by: async (admin) => void (await admin.post('/activity-log/evidence-key', {}, '/activity-log/evidence')),
  },
  {
    event: 'permissions_changed',
    details: { role: 'Season desk', before: null, after: 'company: users.view' },
    by: async () => {
      const role = { name: 'Season desk', scope: 'company', permissions: 'users.view' }
      await (await app.as('owner')).post('/settings/company/roles/new', role)
    },
  },
  {
    event: 'activity_exported',
    details: { format: 'csv', filter: { event: 'sign_out' }, complete: true },
    by: async (admin) => void (await admin.get('/activity-log.csv?event=sign_out')),
  },
  {
    event: 'activity_exported',
    details: { format: 'evidence', complete: true },
    by: async (admin) => void (await admin.get('/activity-log/evidence.zip?event=sign_out').buffer()),
  },
  {
    event: 'list_exported',
    details: { list: 'fieldworkers', filter: { q: 'sam' }, complete: true },
    by: async (admin) => void (await admin.get('/fieldworkers.csv?q=sam')),
  },
  {
    event: 'campaign_started',
    details: { name: 'Season start', people: 1, left_out: 0 },
    by: async (admin) => void (await startCampaign(admin, await somebody())),
  },
  {
    event: 'campaign_finished',
    details: { name: 'Season start', sent: 1, changed: 0, failed: 0 },
    by: async () => app.runJobs(),
  },
  {
    event: 'list_exported',
    details: { list: 'campaign', name: 'Season start', rows: 1, complete: true },
    by: async (admin) => {
      const Campaign = z.object({ id: z.string() })
      const { id } = await one(
        app.db,
        Campaign,
        sql`select id from campaigns order by started_at desc limit 1`,
      )
      await admin.get(`/campaigns/${id}.csv`)
    },
  },
  {
    event: 'canned_response_changed',
    details: { name: 'Back to work', before: null },
    by: async (admin) => {
      const text = { name: 'Back to work', subject: 'Back to work', body: 'Here: {reset_link}' }
      await admin.post(cannedResponses, text, `${cannedResponses}/new`)
    },
  },
  {
    event: 'automation_run',
    details: { automation: 'activity_check', fault: null },
    by: daily('check_activity_log'),
  },
  {
    event: 'automation_run',
    details: { automation: 'Dormant accounts', people: 0, acts_for: 'Dana Admin' },
    by: async (admin) => {
      await switchTo(admin, 'dormant', 'on')
      await press(admin, 'dormant')
      await app.runJobs()
    },
  },
  {
    event: 'password_expiry_reminder_sent',
    details: { automation: 'Password expiry reminder', days_ahead: 14 },
    by: (admin) => grownOld(admin, 'reminder', 365 - 10),
  },
  {
    event: 'password_expired',
    details: { automation: 'Enforce periodic reset' },
    by: (admin) => grownOld(admin, 'enforce', 365),
  },
  {
    event: 'mail_failed',
    details: { template: 'password_reset' },
    by: async (admin) => {
      const who = await somebody()
      await app.runJobs()
      await admin.post(`/users/${who.id}/password-reset`, {}, '/account/password')
      await run(app.db, sql`update graphile_worker._private_jobs set max_attempts = 1`)
      await app.runJobs({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'fieldkey@firm.test' })
      return who
    },
  },
]

/** Somebody whose password is so many days old when an automation runs. */
async function grownOld(admin: HttpClient, key: 'reminder' | 'enforce', days: number): Promise<TestUser> {
  const who = await somebody()
  await ageOfPassword(app, who, days)
  await switchTo(admin, key, 'on')
  await press(admin, key)
  await app.runJobs()
  return who
}

const uninvited = { status: 'invited', verified: false }
/** Asks for an invitation and accepts it. */
async function accepted(who: TestUser): Promise<TestUser> {
  const client = app.client()
  await askForLink(who, client)
  await client.get(await link(who))
  await client.post('/invitation', choice())
  return who
}

async function loggedInAs() {
  const [who, client] = [await somebody(), await app.as('admin')]
  await client.post(`/users/${who.id}/impersonation`, { reason: 'Cannot find the job sheet' })
  return { who, visitor: client }
}

async function signedIn(who: TestUser): Promise<TestUser> {
  await app.signIn(who)
  return who
}

const Row = z.object({
  event: z.string(),
  category: z.string(),
  method: z.string().nullable(),
  subject_id: z.string().nullable(),
  subject_email: z.string().nullable(),
  details: z.looseObject({}),
})
const since = (db: Queryable, seq: string) =>
  many(db, Row, sql`select * from activity_log where seq > ${seq} order by seq`)

let admin: HttpClient
beforeAll(async () => {
  admin = await app.as('admin')
})

describe('each kind of event is written when it happens', () => {
  test.each(
    actions.map((action) => ({
      ...action,
      name: [action.event, action.method].filter(Boolean).join(', by '),
    })),
  )('$name $details', async ({ event, method = null, details: expected = {}, by }) => {
    await resetRateLimits(app.db)
    const { seq } = await one(
      app.db,
      z.object({ seq: z.string() }),
      sql`select coalesce(max(seq), 0)::text as seq from activity_log`,
    )
    const who = await by(admin)
    const entries = (await since(app.db, seq)).filter(
      (entry) => entry.event === event && entry.method === method,
    )
    const subject = who ? { subject_id: who.id } : {}
    expect(entries).toContainEqual(
      expect.objectContaining({
        category: eventTypes[event],
        ...subject,
        details: expect.objectContaining(expected),
      }),
    )
  })
})

describe('the list of kinds', () => {
  test('holds none that no test brings about', () => {
    const brought = new Set<string>(actions.map(({ event }) => event))
    const tests = [...files('test', /\.test\.ts$/).values()]
    const mentioned = (type: EventType) => tests.some((text) => text.includes(`'${type}'`))
    expect(allEventTypes.filter((type) => !brought.has(type) && !mentioned(type))).toEqual([])
  })

  test('is that of the database, which takes no other', async () => {
    const rows = await many(app.db, z.object({ name: z.string() }), sql`select name from event_types`)
    expect(rows.map(({ name }) => name).sort()).toEqual([...allEventTypes].sort())
    const madeUp = sql`insert into activity_log (event, category) values ('made_up', 'system')`
    await expect(run(app.db, madeUp)).rejects.toThrow('activity_log_event_fkey')
  })

  test('is that of the documentation, which says of each when it is written', () => {
    expect(tableRows(readFileSync('docs/activity-log.md', 'utf8'), 'event')).toEqual(eventRows()) // `npm run docs` writes it
  })

  test('can all be read on the page, in words', async () => {
    const { text } = await admin.get('/activity-log')
    for (const kind of allEventTypes) expect(text).toContain(`<option value="${kind}">`)
  })
})
