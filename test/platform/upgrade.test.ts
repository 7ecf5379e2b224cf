import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkChain } from '../../src/activity/chain/check.ts'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { tasks } from '../../src/jobs.ts'
import { createMailer } from '../../src/mailer.ts'
import { Db, many, one, run, sql, type Sql } from '../../src/platform/db.ts'
import { log } from '../../src/platform/log.ts'
import { isMigrated, migrate } from '../../src/platform/migrate.ts'
import { referenceRows } from '../../src/reference-rows.ts'
import { catalogOf, commonRowsOf, contentsOf } from '../support/catalog.ts'
import { emptyDatabase, loginsOf, testDatabase } from '../support/database.ts'
import { HttpClient, textOf } from '../support/http-client.ts'
import { password } from '../support/people.ts'
import { restoreRelease } from '../support/release-0.1.0.ts'
import { runJobs, sessionSecret } from '../support/test-app.ts'

const fresh = new Db(testDatabase())
const database = emptyDatabase()
const db = new Db(database)
const owner = new Db(loginsOf(database).ownerConnectionString)
const config = readConfig({
  DATABASE_URL: database,
  SESSION_SECRET: sessionSecret,
  COMPANY_NAME: 'Acme Field',
})
const client = () => new HttpClient(createApp({ db, config }))
const newest = 'violin trunk harvest 77'

const restore = (into: string) => restoreRelease(loginsOf(into).ownerConnectionString, new URL(into).username)
const Text = z.object({ text: z.string().nullable() })
const text = async (statement: Sql) => (await one(db, Text, statement)).text
const texts = async (statement: Sql) => (await many(db, Text, statement)).map((row) => row.text)

afterAll(() => Promise.all([fresh.close(), db.close(), owner.close()]))

describe('a database that 0.1.0 made', () => {
  let ran: string[]
  beforeAll(async () => {
    log.level = process.env.LOG ?? 'silent'
    await restore(database)
    expect(await isMigrated(db, referenceRows)).toBe(false)
    ran = await migrate(loginsOf(database), referenceRows)
  }, 60_000)

  test('is upgraded by one file, and by the migrations after it', () => {
    expect(ran[0]).toBe('upgrade/0.1.0-to-0.2.0.sql')
    expect(ran.filter((name) => name.startsWith('baseline/'))).toEqual([])
  })

  test('is then ready, and has the tables, rules, code and rights of a new one', async () => {
    expect(await isMigrated(db, referenceRows)).toBe(true)
    expect((await client().get('/readyz')).status).toBe(200)
    const expected = await catalogOf(fresh)
    expect(Object.values(expected).flat().length).toBeGreaterThan(500)
    expect(await catalogOf(db)).toEqual(expected)
  })

  test('has the rows that every database has', async () => {
    const expected = await commonRowsOf(fresh)
    for (const [name, lines] of Object.entries(expected))
      expect([name, lines.length > 1]).toEqual([name, true])
    expect(await commonRowsOf(db)).toEqual(expected)
  })

  test('is not changed by another migrate', async () => {
    const before = [await catalogOf(owner), await contentsOf(owner)]
    expect(await migrate(loginsOf(database), referenceRows)).toEqual([])
    expect([await catalogOf(owner), await contentsOf(owner)]).toEqual(before)
  })

  test('has its people, their roles and teams', async () => {
    const people = sql`select format('%s, %s, %s', u.name, r.name, u.status) as text
      from users u join roles r on r.id = u.role_id order by u.name collate "C"`
    expect(await texts(people)).toEqual([
      'Ana Field, Fieldworker, active',
      'Aud Auditor, Auditor, active',
      'Bea Blocked, Fieldworker, blocked',
      'Ben Field, Fieldworker, active',
      'Cleo Field, Fieldworker, active',
      'Dana Admin, Admin, active',
      'Ina Inactive, Fieldworker, inactive',
      'Iva Invited, Fieldworker, invited',
      'Olivia Owner, Owner, active',
      'Otto Harbour, Fieldworker, active',
      // Was in use and then invited, which may no longer be.
      'Rae Reverted, Fieldworker, active',
      'Sam Field, Fieldworker, active',
      'Sia Season, Season desk, active',
      'Tom Dispatcher, Dispatcher, active',
    ])
    expect(await text(sql`select permissions::text as text from roles where name = 'Season desk'`)).toBe(
      '{users.view,passwords.change,activity.view}',
    )
  })

  test('has its whole log, whose chain goes on', async () => {
    const before = await checkChain(db)
    expect(before).toMatchObject({ entries: 146, fault: null })
    await client().signIn('owner@firm.test', password)
    expect(await checkChain(db)).toMatchObject({ entries: 147, fault: null })
  })

  test('shows its old entries, by event and by an address in its old spelling', async () => {
    const owners = await client().signIn('owner@firm.test', password)
    const found = textOf((await owners.get('/activity-log?event=canned_response_changed')).text)
    expect(found).toContain('Back again')
    expect(textOf((await owners.get('/activity-log?event=automation_run')).text)).toContain('Fieldkey')
  })

  test('lets people sign in with the password that they had, and with no other', async () => {
    const sam = await client().signIn('sam@firm.test', password)
    expect(textOf((await sam.get('/account')).text)).toContain('Sam Field')
    await client().signIn('otto@firm.test', 'violin trunk harvest 58')
    await expect(client().signIn('otto@firm.test', password)).rejects.toThrow('could not sign in')
    const admin = await client().signIn('admin@firm.test', password)
    expect((await admin.get('/fieldworkers')).status).toBe(200)
  })

  test('asks for a new password in place of a temporary one, and not for one it had', async () => {
    await run(
      db,
      sql`update users set temporary_password_expires_at = now() + interval '1 hour' where email = 'ben.field@firm.test'`,
    )
    const ben = await client().signIn('ben.field@firm.test', 'harvest trunk violin 42')
    expect((await ben.get('/account')).headers.location).toBe('/account/password')
    const change = (newPassword: string) =>
      ben.post('/account/password', {
        currentPassword: 'harvest trunk violin 42',
        newPassword,
        confirmPassword: newPassword,
      })
    expect((await change('harvest trunk violin 41')).status).toBe(422)
    expect((await change(newest)).status).toBe(303)
  })

  test('says who a campaign skipped, and what became of the others', async () => {
    const states = sql`select concat_ws(', ', u.name, p.state, p.skip_reason) as text
      from campaign_people p join users u on u.id = p.user_id order by u.name`
    expect(await texts(states)).toEqual([
      'Ana Field, sent',
      'Bea Blocked, skipped, blocked',
      'Cleo Field, sent',
      'Sam Field, sent',
    ])
    const admin = await client().signIn('admin@firm.test', password)
    const id = await text(sql`select id::text as text from campaigns`)
    expect(textOf((await admin.get(`/campaigns/${id}?state=skipped`)).text)).toContain(
      'Blocked people can’t sign in',
    )
  })

  test('keeps what the company wrote in its canned responses, and renews what came with 0.1.0', async () => {
    const bodies = sql`select body as text from canned_responses order by name`
    const [ours, reset, season] = await texts(bodies)
    expect(ours).toBe('Hello {first_name},\n\n{reset_link}')
    expect(reset).toContain('Please choose a new password')
    expect(season).not.toContain('run out')
  })

  test('runs its automations as the person who switched them on', async () => {
    const on = sql`select concat_ws(', ', a.key, u.name) as text from automations a join users u on u.id = a.run_as
      where switched_on order by 1`
    expect(await texts(on)).toEqual(['dormant, Olivia Owner', 'temporary, Olivia Owner'])
    expect(await text(sql`select count(*)::text as text from automation_actions`)).toBe('1')
  })

  test('counts no failed email against its address if the server refused it for another reason', async () => {
    const failed = sql`select not_a_bounce::text as text from emails where status = 'failed'`
    expect(await texts(failed)).toEqual(['true'])
  })

  test('delivers the emails that waited, answers the request that waited, and runs the import', async () => {
    const waiting = sql`select distinct task_identifier as text from graphile_worker.jobs order by 1`
    expect(await texts(waiting)).toEqual([
      'answer_reset_request',
      'deliver_email',
      'expire_temporary_passwords',
      'import_people',
      'send_campaign',
    ])
    await run(
      owner,
      sql`update graphile_worker._private_jobs set locked_by = null, locked_at = null, run_at = now()`,
    )
    // Some of them queue others.
    for (let round = 0; round < 4; round++) await runJobs(db, config)
    expect(await texts(waiting)).toEqual([])
    expect(await text(sql`select status as text from users where email = 'nia@firm.test'`)).toBe('invited')

    const emails = (await client().get('/dev/outbox.json')).body as {
      to: string
      template: string
      link: string | null
    }[]
    for (const to of ['ana.field@firm.test', 'cleo.field@firm.test']) {
      const { link } = emails.find((email) => email.to === to && email.template !== 'campaign') ?? {}
      const opened = client()
      await opened.get(new URL(link ?? 'http://no.link').pathname)
      const answer = await opened.post('/reset-password', { newPassword: newest, confirmPassword: newest })
      expect([to, answer.status]).toEqual([to, 303])
      await client().signIn(to, newest)
    }
  })

  test('has only jobs and schedules that the worker knows', async () => {
    const names = sql`select identifier as text from graphile_worker._private_tasks
      union select identifier from graphile_worker._private_known_crontabs`
    const known = Object.keys(tasks(db, createMailer(db, config)))
    const there = await texts(names)
    expect(there.length).toBeGreaterThan(10)
    expect(there.filter((name) => !known.includes(name ?? ''))).toEqual([])
  })
})

describe('an upgrade', () => {
  const untouched = emptyDatabase()
  const other = new Db(loginsOf(untouched).ownerConnectionString)
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'migrations-'))
    await cp('migrations', folder, { recursive: true })
    await restore(untouched)
  })
  afterAll(async () => {
    await other.close()
    await rm(folder, { recursive: true })
  })

  const picture = async () => [await catalogOf(other), await contentsOf(other)]

  test('that fails leaves the database as it was', async () => {
    const before = await picture()
    await appendFile(path.join(folder, 'upgrade/0.1.0-to-0.2.0.sql'), ';\nselect 1 / 0')
    await expect(migrate(loginsOf(untouched), referenceRows, folder)).rejects.toThrow(
      'Migration upgrade/0.1.0-to-0.2.0.sql failed and was undone: division by zero',
    )
    expect(await picture()).toEqual(before)
  })

  test.each([
    [
      'a later version that was not released',
      `insert into migrations values ('0030_ending_is_final.sql', '')`,
    ],
    ['a 0.1.0 that did not finish', `delete from migrations where name > '0028'`],
  ])('is refused, with what to do, for a database of %s', async (_, statement) => {
    await other.pool.query(statement)
    const before = await picture()
    await expect(migrate(loginsOf(untouched), referenceRows)).rejects.toThrow(
      /made by a version that was never released \(its last migration is 00\d\d_\w+\.sql\)\. Restore a backup that 0\.1\.0 made/,
    )
    expect(await picture()).toEqual(before)
  })
})
