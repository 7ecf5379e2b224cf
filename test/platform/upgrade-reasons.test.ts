import { beforeAll, afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { Db, many, one, run, sql, type Sql } from '../../src/platform/db.ts'
import { log } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { referenceRows } from '../../src/reference-rows.ts'
import { emptyDatabase, loginsOf } from '../support/database.ts'
import { HttpClient, textOf } from '../support/http-client.ts'
import { password } from '../support/people.ts'
import { restoreRelease } from '../support/release-0.1.0.ts'
import { sessionSecret } from '../support/test-app.ts'

const database = emptyDatabase()
const db = new Db(database)
const owner = new Db(loginsOf(database).ownerConnectionString)
const config = readConfig({ DATABASE_URL: database, SESSION_SECRET: sessionSecret })
const client = () => new HttpClient(createApp({ db, config }))

const Reasons = z.object({ reason: z.unknown() })
const reasons = async (from: Sql) => (await many(db, Reasons, from)).map(({ reason }) => reason)

/** What 0.1.0 stored when an impersonation ended, and the code for it. */
const ends: [string, object][] = [
  ['Returned', { code: 'returned' }],
  ['Signed out', { code: 'signed_out' }],
  ['Ana O’Field, Jr. is blocked', { code: 'blocked', name: 'Ana O’Field, Jr.' }],
  ['The password of Dana Admin was changed', { code: 'admin_password_changed', name: 'Dana Admin' }],
  ['The password of Sam Field was changed', { code: 'password_changed', name: 'Sam Field' }],
  ['The account of Dana Admin was changed', { code: 'admin_account_changed', name: 'Dana Admin' }],
  ['The account of Sam Field was changed', { code: 'account_changed', name: 'Sam Field' }],
  ['Dana Admin was signed out', { code: 'admin_signed_out', name: 'Dana Admin' }],
  ['The sessions of Sam Field were ended', { code: 'sessions_ended', name: 'Sam Field' }],
  [
    'Dana Admin may no longer work as Sam Field',
    { code: 'not_allowed', name: 'Dana Admin', target: 'Sam Field' },
  ],
  ['The time was up', { code: 'expired' }],
  ['Nothing was done for 15 minutes', { code: 'idle', idle_minutes: '15' }],
  ['The session of Dana Admin was over', { code: 'admin_session_expired', name: 'Dana Admin' }],
  ['Something that nobody remembers.', { code: 'other', text: 'Something that nobody remembers' }],
]

beforeAll(async () => {
  log.level = process.env.LOG ?? 'silent'
  await restoreRelease(loginsOf(database).ownerConnectionString, new URL(database).username)
  const userId = (email: string) => sql`(select id from users where email = ${email})`
  for (const [sentence] of ends)
    await run(
      owner,
      sql`with session as (
            insert into sessions (user_id, remembered, ends_at, ended_at) values (${userId('admin@firm.test')}, false, now(), now()) returning id)
          insert into impersonations (session_id, impersonator_id, user_id, reason, impersonator_epoch, user_epoch, ends_at, ended_at, ended_because)
          select id, ${userId('admin@firm.test')}, ${userId('sam@firm.test')}, 'upgrade', 0, 0, now(), now(), ${sentence} from session`,
    )
  for (const statement of [
    sql`update campaigns set status = 'paused', paused_because = 'Dana Admin may not run campaigns any more.', held_because = '421 Busy'`,
    sql`update automations set switched_on = false, stopped_because = 'Dana Admin may not do this any more.' where key = 'dormant'`,
    sql`insert into automation_runs (automation, acts_for, ended_at, error)
        select 'dormant', ${userId('owner@firm.test')}, now(), 'A fault on our side, which the server’s log tells under run 12-34.'`,
    sql`insert into imports (started_by, file_name, status, good, bad, problem, finished_at)
        values (${userId('owner@firm.test')}, 'old.csv', 'stopped', 1, 2,
          'Since the file was checked, other accounts took these addresses: a@b.test, c@d.test and 3 more. Upload the file again. Nobody was imported.', now())`,
    sql`insert into import_rows (import_id, line, name, email, team, problem)
        select id, rows.line, 'Nora', 'nora', '', rows.problem from imports,
          (values (2, 'There is no team “Far away”'), (3, 'Two things at once. And so on')) as rows(line, problem) where file_name = 'old.csv'`,
    sql`update letters set status = 'failed', server_answer = 'Its link was replaced before it could leave'
        where id = (select id from letters order by id limit 1)`,
  ])
    await run(owner, statement)
  await migrate(loginsOf(database), referenceRows)
}, 60_000)
afterAll(() => Promise.all([db.close(), owner.close()]))

describe('the upgrade from 0.1.0 turns sentences into codes', () => {
  test('of impersonations, and a sentence that it does not know is kept', async () => {
    const found = sql`select end_reason as reason from impersonations where reason = 'upgrade'`
    expect(await reasons(found)).toEqual(expect.arrayContaining(ends.map(([, reason]) => reason)))
    expect(await reasons(found)).toHaveLength(ends.length)
  })

  test('of a campaign, whose page still says why it paused', async () => {
    const { id, ...campaign } = await one(
      db,
      z.object({ id: z.string(), pause_reason: z.unknown(), held_by: z.unknown(), held_answer: z.unknown() }),
      sql`select id, pause_reason, held_by, held_answer from campaigns`,
    )
    expect(campaign).toEqual({
      pause_reason: { code: 'not_allowed', name: 'Dana Admin' },
      held_by: 'away',
      held_answer: '421 Busy',
    })
    const page = await (await client().signIn('admin@firm.test', password)).get(`/campaigns/${id}`)
    expect(textOf(page.text)).toContain('Dana Admin can no longer run campaigns.')
  })

  test('of automations and their runs', async () => {
    expect(await reasons(sql`select stop_reason as reason from automations where key = 'dormant'`)).toEqual([
      { code: 'not_allowed', name: 'Dana Admin' },
    ])
    const page = await (
      await client().signIn('owner@firm.test', password)
    ).get('/automations/security/dormant')
    expect(textOf(page.text)).toContain('Dana Admin no longer has the permissions for this. Turn it on')
    expect(textOf(page.text)).toContain('An internal error. The server log has details under run 12-34.')
  })

  test('of an import and its rows', async () => {
    const { id } = await one(
      db,
      z.object({ id: z.string() }),
      sql`select id from imports where file_name = 'old.csv'`,
    )
    const page = textOf(
      (await (await client().signIn('owner@firm.test', password)).get(`/fieldworkers/import/${id}`)).text,
    )
    for (const words of [
      'other accounts have taken these addresses: a@b.test, c@d.test and 3 more. Upload the file again. No one was imported.',
      'There is no team “Far away”',
      'Two things at once. And so on',
    ])
      expect(page).toContain(words)
  })

  test('of an email that never reached the mail server', async () => {
    const failed = sql`select failure_reason as reason from emails where failure_reason is not null and server_answer is null`
    expect(await reasons(failed)).toEqual([{ code: 'link_replaced' }])
    const page = await (await client().signIn('auditor@firm.test', password)).get('/email-log?status=failed')
    expect(textOf(page.text)).toContain('Its link was replaced before it could be sent.')
  })
})

test('entries of 0.1.0 keep their sentences, and the log shows them as they are', async () => {
  const { reason } = await one(
    db,
    Reasons,
    sql`select details ->> 'reason' as reason from activity_log where event = 'sign_in_failed' order by seq limit 1`,
  )
  expect(reason).toMatch(/^[A-Z].* /)
  const page = await (
    await client().signIn('auditor@firm.test', password)
  ).get('/activity-log?event=sign_in_failed')
  expect(textOf(page.text)).toContain(`${String(reason)}.`)
})
