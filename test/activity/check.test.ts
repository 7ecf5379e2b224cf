import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { chainFaultText, checkChain, recordCheck } from '../../src/activity/chain/check.ts'
import type { Head } from '../../src/activity/chain/queries.ts'
import { record } from '../../src/activity/record.ts'
import { removeOldMonths } from '../../src/activity/chain/retention.ts'
import { Db, many, one, run, sql, type Sql } from '../../src/platform/db.ts'
import { superuserOf } from '../support/database.ts'
import { startWorker } from '../../src/worker.ts'
import { sessionSecret, createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const nobody = { actor: null, ip: null, userAgent: null, requestId: null }
let superuser: Db

beforeAll(() => {
  superuser = new Db(superuserOf(app.connectionString))
})
afterAll(() => superuser.close())

/** The walk along the chain, with what is wrong as its reader sees it. */
async function checked(db: Db, known?: Head) {
  const { fault, ...found } = await checkChain(db, known)
  return { ...found, fault: fault && chainFaultText(fault) }
}

/** A log of ten entries, whatever was done to the one before. */
beforeEach(async () => {
  await behindItsBack(sql`truncate activity_log, activity_checks`)
  for (let i = 1; i <= 10; i++)
    await app.db.transaction(async (tx) =>
      record(tx, nobody, {
        event: 'sign_in_failed',
        subject: app.cast.sam,
        details: { reason: 'wrong_password', note: `try ${i}` },
      }),
    )
})

/** What a superuser may do: with the triggers switched off. */
async function behindItsBack(...actions: Sql[]) {
  await superuser.transaction(async (tx) => {
    await run(tx, sql`set local session_replication_role = replica`)
    for (const action of actions) await run(tx, action)
  })
}

const idOf = async (seq: number) =>
  (await one(app.db, z.object({ id: z.string() }), sql`select id from activity_log where seq = ${seq}`)).id

describe('the walk along the chain', () => {
  test('finds a whole log whole, and says where it ends', async () => {
    const { entries, head, fault } = await checked(app.db)
    expect([entries, head.seq, fault]).toEqual([10, '10', null])
    expect(head.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each([
    ['a word in the details', sql`update activity_log set details = '{"reason": "forged"}' where seq = 5`],
    ['the time', sql`update activity_log set at = at - interval '1 hour' where seq = 5`],
    ['the actor', sql`update activity_log set actor_name = 'Somebody' where seq = 5`],
    ['the address', sql`update activity_log set ip = '10.0.0.1' where seq = 5`],
    ['the reference', sql`update activity_log set request_id = 'AAAA' where seq = 5`],
  ])('names a row in which %s was changed', async (_, change) => {
    await behindItsBack(change)
    const { entries, fault } = await checked(app.db)
    expect(fault).toContain(`Entry 5 (sign_in_failed, `)
    expect(fault).toContain(await idOf(5))
    expect(fault).toContain('is not as it was written')
    expect(entries).toBe(4)
  })

  test('names a changed row even when its hash was made to fit', async () => {
    await behindItsBack(
      sql`update activity_log set details = '{"reason": "forged"}' where seq = 5`,
      sql`update activity_log l set hash = activity_hash(l) where seq = 5`,
    )
    const { fault } = await checked(app.db)
    expect(fault).toMatch(/^Entry 6 .* does not follow the entry before it: one of the two was replaced/)
  })

  test('names the rows that were deleted', async () => {
    await behindItsBack(sql`delete from activity_log where seq = 5`)
    expect((await checked(app.db)).fault).toMatch(/^Entry 5 is missing: the next one is entry 6 /)
    await behindItsBack(sql`delete from activity_log where seq in (6, 7)`)
    expect((await checked(app.db)).fault).toMatch(/^Entries 5 to 7 are missing: the next one is entry 8 /)
  })

  test('names a row from which on others were renumbered, to hide one that was deleted', async () => {
    await behindItsBack(
      sql`delete from activity_log where seq = 5`,
      sql`update activity_log set seq = seq - 1 where seq > 5`,
    )
    expect((await checked(app.db)).fault).toMatch(/^Entry 5 .* is not as it was written/)
  })

  test('names a row that was inserted', async () => {
    await behindItsBack(
      sql`update activity_log set seq = seq + 100 where seq > 5`,
      sql`update activity_log set seq = seq - 99 where seq > 100`,
      sql`insert into activity_log (seq, at, event, category, prev_hash, hash)
          select 6, at + interval '1 microsecond', 'sign_out', 'security', hash, '' from activity_log where seq = 5`,
      sql`update activity_log l set hash = activity_hash(l) where seq = 6`,
    )
    expect((await checked(app.db)).fault).toMatch(/^Entry 7 .* is not as it was written/)
  })

  test('names the first of two rows that changed places', async () => {
    await behindItsBack(
      sql`update activity_log set seq = 1000 where seq = 4`,
      sql`update activity_log set seq = 4 where seq = 7`,
      sql`update activity_log set seq = 7 where seq = 1000`,
    )
    expect((await checked(app.db)).fault).toMatch(/^Entry 4 .* is not as it was written/)
  })

  test('tells when the beginning is gone, and nothing says why', async () => {
    await behindItsBack(sql`delete from activity_log where seq < 4`)
    const { fault } = await checked(app.db)
    expect(fault).toBe('Entries up to 3 are missing, and no entry records their removal.')
  })

  test('tells when the end was cut off, from what the last check had found', async () => {
    await recordCheck(app.db)
    await behindItsBack(sql`delete from activity_log where seq > 7`)
    const { fault } = await checked(app.db)
    expect(fault).toBe('The log once reached to entry 10 and now ends at 7: its end was cut off.')
  })

  test('tells when the end was cut off and rewritten', async () => {
    await recordCheck(app.db)
    await behindItsBack(sql`delete from activity_log where seq > 7`)
    for (let i = 0; i < 5; i++)
      await app.db.transaction(async (tx) => record(tx, nobody, { event: 'sign_out', subject: app.cast.sam }))
    expect((await checked(app.db)).fault).toMatch(/^Entry 10 is another one than at an earlier check/)
  })

  test('knows an end by number and hash, as each line of the server’s log tells it', async () => {
    const { head } = await checked(app.db)
    await behindItsBack(sql`delete from activity_log where seq = 10`)
    expect((await checked(app.db)).fault).toBeNull()
    expect((await checked(app.db, head)).fault).toContain('its end was cut off')
  })

  test('is not taken in by a removal that was made up', async () => {
    await recordCheck(app.db)
    const { hash } = await one(
      app.db,
      z.object({ hash: z.string() }),
      sql`select encode(hash, 'hex') as hash from activity_log where seq = 10`,
    )
    const removal = { automation: 'activity_retention', through_seq: 10, through_hash: hash }
    const madeUp = sql`insert into activity_log (event, category, details) values ('automation_run', 'system', ${removal})`
    await expect(run(app.db, madeUp)).rejects.toThrow('Only the removal of old months records one')
    await run(superuser, madeUp)
    await behindItsBack(sql`delete from activity_log where seq <= 10`)
    expect((await checked(app.db)).fault).toBe('Entry 10 is no longer there: all before 11 was removed.')
  })

  test('compares with every earlier check, not with the newest alone', async () => {
    await recordCheck(app.db)
    await behindItsBack(sql`delete from activity_log where seq > 7`)
    await run(
      app.db,
      sql`insert into activity_checks (entries, head_seq, head_hash) select 7, seq, hash from activity_log where seq = 7`,
    )
    expect((await checked(app.db)).fault).toContain('its end was cut off')
  })

  test('does not take the word of a function in the database that it judges', async () => {
    const { definition } = await one(
      superuser,
      z.object({ definition: z.string() }),
      sql`select pg_get_functiondef('activity_hash'::regproc) as definition`,
    )
    await behindItsBack(
      sql`update activity_log set actor_name = 'Mallory' where seq = 5`,
      sql`create or replace function activity_hash(r activity_log) returns bytea language sql stable as 'select r.hash'`,
    )
    const { fault } = await checked(app.db)
    await superuser.query({ text: definition, values: [] })
    expect(fault).toMatch(/^Entry 5 /)
  })

  test('finds an empty log whole', async () => {
    await behindItsBack(sql`truncate activity_log`)
    expect(await checked(app.db)).toEqual({ entries: 0, head: { seq: '0', hash: null }, fault: null })
  })
})

describe('npm run verify-log', () => {
  /** The command as people give it, on the database of this app. */
  async function verifyLog(...options: string[]) {
    const command = ['--import', './src/typescript.js', 'src/commands/verify-log.ts', ...options]
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: app.connectionString,
      SESSION_SECRET: sessionSecret,
    }
    const cwd = path.resolve(import.meta.dirname, '../..')
    const ran = await promisify(execFile)(process.execPath, command, { cwd, env }).catch(
      (error: unknown) => error,
    )
    const { code = 0, stdout, stderr } = ran as { code?: number; stdout: string; stderr: string }
    return { code, said: stdout + stderr }
  }

  test('says that the log is whole and where it ends, and knows that end again', async () => {
    const { code, said } = await verifyLog()
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(/^The activity log is whole: 10 entries, ending at 10:\w{64}\n$/),
    ])
    const end = /10:\w{64}/.exec(said)?.[0] ?? ''
    await behindItsBack(sql`delete from activity_log where seq = 10`)
    const cut = await verifyLog('--head', end)
    expect([cut.code, cut.said]).toEqual([1, expect.stringContaining('its end was cut off')])
  })

  test('names the first broken row, and fails', async () => {
    await behindItsBack(sql`update activity_log set ip = '10.0.0.1' where seq in (5, 7)`)
    const { code, said } = await verifyLog()
    expect(code).toBe(1)
    expect(said).toContain(`The activity log is broken. Entry 5 (sign_in_failed, `)
    expect(said).toContain('4 entries before it are whole.')
  })

  test('says how an end is given when it cannot be read', async () => {
    expect(await verifyLog('--head', 'ten')).toMatchObject({
      code: 2,
      said: expect.stringContaining('--head must be') as string,
    })
  })
})

describe('the daily check', () => {
  test('is on the schedule of every worker, and so is the removal of what is too old', async () => {
    const worker = await startWorker(app.connectionString, app.configWith())
    const scheduled = await many(
      superuser,
      z.object({ identifier: z.string() }),
      sql`select identifier from graphile_worker._private_known_crontabs`,
    )
    await worker.stop()
    const names = scheduled.map(({ identifier }) => identifier)
    expect(names).toEqual(expect.arrayContaining(['check_activity_log', 'remove_old_activity']))
  })

  test('becomes an entry and a row of its own, and the page tells of it', async () => {
    await recordCheck(app.db)
    const run = { automation: 'activity_check', entries: 10, head_seq: '10', fault: null }
    const last = await many(
      app.db,
      z.object({ event: z.string(), category: z.string(), details: z.looseObject({}) }),
      sql`select event, category, details from activity_log order by seq desc limit 1`,
    )
    expect(last).toMatchObject([{ event: 'automation_run', category: 'system', details: run }])
    const { text } = await (await app.as('auditor')).get('/activity-log')
    expect(text).toMatch(/Last checked: Today, \d\d:\d\d. 10 entries, none changed/)
  })

  test('shouts on the page when the log is broken', async () => {
    await behindItsBack(sql`update activity_log set ip = '10.0.0.1' where seq = 5`)
    await recordCheck(app.db)
    const { details } = await one(
      app.db,
      z.object({ details: z.looseObject({}) }),
      sql`select details from activity_log order by seq desc limit 1`,
    )
    expect(details).toMatchObject({
      fault: 'changed',
      entry: '5',
      event: 'sign_in_failed',
      id: await idOf(5),
    })
    const auditor = await app.as('auditor')
    for (const page of ['/activity-log', '/activity-log/evidence', '/activity-log?event=automation_run'])
      expect([page, (await auditor.get(page)).text]).toEqual([
        page,
        expect.stringMatching(/Entry 5 \(sign_in_failed, .*is not as it was written/),
      ])
  })
})

describe('retention', () => {
  /** The ten entries become so many months old, one month apart, the oldest first; the chain is rebuilt. */
  const age = (months: number) =>
    behindItsBack(
      sql`update activity_log set at = date_trunc('month', now()) + interval '1 day' - make_interval(months => ${months}::int - seq::int)`,
      sql`do $$ declare l activity_log; previous bytea := sha256('fieldkey'); begin
            for l in select * from activity_log order by seq loop
              l.prev_hash := previous; l.hash := activity_hash(l); previous := l.hash;
              update activity_log set prev_hash = l.prev_hash, hash = l.hash where seq = l.seq;
            end loop; end $$`,
    )
  const keep = (months: number | null) =>
    run(app.db, sql`update company set activity_retention_months = ${months}`)
  const left = async () =>
    many(
      app.db,
      z.object({ seq: z.coerce.number(), event: z.string() }),
      sql`select seq, event from activity_log order by seq`,
    )

  test('is for good unless the company sets it', async () => {
    await age(30)
    await removeOldMonths(app.db)
    expect(await left()).toHaveLength(10)
  })

  test('removes whole months from the old end, tells of each, and leaves a chain that can be checked', async () => {
    await age(20) // the entries are 19, 18, … 10 months old
    await keep(15)
    await removeOldMonths(app.db)
    const seqs = (await left()).map(({ seq }) => seq)
    expect(seqs).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
    expect((await left()).slice(-4).map(({ event }) => event)).toEqual(Array(4).fill('automation_run'))
    expect(await checked(app.db)).toMatchObject({ entries: 10, fault: null })
    await removeOldMonths(app.db)
    expect(await left()).toHaveLength(10)
  })

  test('and what is removed beyond that, or where the anchor was changed, is found', async () => {
    await age(20)
    await keep(15)
    await removeOldMonths(app.db)
    await behindItsBack(sql`delete from activity_log where seq = 5`)
    expect((await checked(app.db)).fault).toContain('no entry records their removal')
  })

  test('is never shorter than thirteen months, not even for an Owner', async () => {
    await expect(keep(12)).rejects.toThrow('activity_retention_months')
    await age(14)
    await keep(13)
    await removeOldMonths(app.db)
    expect(await left()).toHaveLength(10) // thirteen months and some days old: not a whole month yet
  })

  test('is set on the page by people with the permission, is an entry, and a bad number is told beside the field', async () => {
    await keep(null)
    const admin = await app.as('admin')
    const page = '/activity-log/evidence'
    const bad = await admin.post('/activity-log/retention', { months: '12' }, page)
    expect(bad.status).toBe(422)
    expect(bad.text).toContain('Keep at least 13 months')
    expect((await admin.post('/activity-log/retention', { months: '24' }, page)).status).toBe(303)
    expect((await admin.get(page)).text).toContain('value="24"')
    const [entry] = await many(
      app.db,
      z.object({ details: z.looseObject({}) }),
      sql`select details from activity_log where event = 'policy_changed' and details ->> 'setting' like '%retention'`,
    )
    expect(entry?.details).toEqual({
      setting: 'activity log retention',
      before: 'for good',
      after: '24 months',
    })
  })

  test('an old entry cannot be deleted by the program’s role, nor without the removal saying so', async () => {
    await age(30)
    await expect(run(app.db, sql`delete from activity_log where seq = 1`)).rejects.toThrow(
      'permission denied',
    )
    await expect(run(superuser, sql`delete from activity_log where seq = 1`)).rejects.toThrow(
      'can only be added to',
    )
  })
})
