import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Db, many, one, run, sql, type Sql } from '../../../src/platform/db.ts'
import { ownerOf } from '../../support/database.ts'
import { createTestApp } from '../../support/test-app.ts'
import { password } from '../../support/people.ts'

const app = createTestApp({ WORKER: 'off' })

const count = async (rows: Sql): Promise<number> =>
  (await one(app.db, z.object({ count: z.number() }), sql`select count(*)::int as count from ${rows}`)).count

/** Puts the job in the queue, as its schedule does, and works as a worker of its own. */
async function prune(job: 'prune_sessions' | 'prune_history' | 'prune_rate_limits' | 'prune_imports') {
  await run(app.db, sql`select graphile_worker.add_job(${job})`)
  await app.runJobs()
  const Failed = z.object({ last_error: z.string().nullable() })
  expect(
    await many(app.db, Failed, sql`select last_error from graphile_worker.jobs where last_error is not null`),
  ).toEqual([])
}

// A statement that removes more than a thousand rows, or ten thousand limits, is one that is not in batches.
beforeAll(async () => {
  const owner = new Db(ownerOf(app.connectionString))
  for (const [table, most] of Object.entries({
    session_data: 1_000,
    sessions: 1_000,
    links: 1_000,
    emails: 1_000,
    password_failures: 1_000,
    known_devices: 1_000,
    rate_limits: 10_000,
  }))
    await owner.pool.query(`
      create function small_${table}() returns trigger language plpgsql as $$
      begin
        if (select count(*) from gone) > ${most} then raise exception 'more than ${most} at once'; end if;
        return null;
      end $$;
      create trigger small_${table} after delete on ${table} referencing old table as gone
        for each statement execute function small_${table}()`)
  await owner.close()
})

describe('with the jobs in a separate process', () => {
  test('only expired session data is deleted, in batches (fault 17)', async () => {
    const sam = await app.as('sam')
    await run(
      app.db,
      sql`insert into session_data (sid, sess, expire)
          select 'old ' || n, '{}', now() - interval '1 second' from generate_series(1, 2500) n`,
    )
    await prune('prune_sessions')
    expect(await count(sql`session_data where sid like 'old %'`)).toBe(0)
    expect((await sam.get('/account')).status).toBe(200)
  })

  test('sessions are deleted ninety days after their end, except the newest of each person (fault 17)', async () => {
    const who = await app.createUser({ name: 'Paula Past', role: 'Fieldworker' })
    const other = await app.createUser({ name: 'Pia Past', role: 'Fieldworker' })
    const old = (id: string, many: number) => sql`
      insert into sessions (user_id, remembered, started_at, last_seen_at, ends_at, ended_at)
      select ${id}, false, d, d + interval '1 hour', d + interval '12 hours', case when n % 2 = 0 then d + interval '2 hours' end
      from generate_series(1, ${many}) n, lateral (select now() - interval '91 days' - n * interval '1 minute' as d) t`
    await run(app.db, old(who.id, 2_400))
    await run(app.db, old(other.id, 3))
    const client = await app.signIn(who)
    const recent = await app.signIn(who)
    await recent.post('/sign-out', {}, '/account')
    await prune('prune_sessions')
    expect(await count(sql`sessions where user_id = ${who.id}`)).toBe(2)
    expect(await count(sql`sessions where user_id = ${other.id}`)).toBe(1)
    expect((await client.get('/account')).status).toBe(200)
  })

  test('a browser is known for thirteen months after its last sign-in (fault 17)', async () => {
    const who = await app.createUser({ name: 'Kira Known', role: 'Fieldworker' })
    const [often, once] = [app.client(), app.client()]
    await often.signIn(who.email, password)
    await once.signIn(who.email, password)
    await run(
      app.db,
      sql`update known_devices set last_seen_at = now() - interval '14 months', first_seen_at = now() - interval '2 years'`,
    )
    await often.post('/sign-out', {}, '/account')
    await often.signIn(who.email, password)
    await run(
      app.db,
      sql`insert into known_devices (user_id, device, first_seen_at, last_seen_at)
          select ${app.cast.sam.id}, sha256(n::text::bytea), now() - interval '2 years', now() - interval '14 months'
          from generate_series(1, 2500) n`,
    )
    await prune('prune_sessions')
    expect(await count(sql`known_devices where user_id = ${who.id}`)).toBe(1)
    expect(await count(sql`known_devices where user_id = ${app.cast.sam.id}`)).toBe(0)
    await app.runJobs()
    const mails = (await app.emailsTo(who)).filter(({ template }) => template === 'new_device')
    await once.post('/sign-out', {}, '/account')
    await once.signIn(who.email, password)
    await often.post('/sign-out', {}, '/account')
    await often.signIn(who.email, password)
    await app.runJobs()
    const after = (await app.emailsTo(who)).filter(({ template }) => template === 'new_device')
    expect(after).toHaveLength(mails.length + 1)
  })

  test('limits, failed attempts, links, emails, runs and failed jobs are deleted in time (fault 17)', async () => {
    const who = await app.createUser({ name: 'Otis Old', role: 'Fieldworker' })
    await app.client().post('/forgot-password', { email: who.email })
    await app.runJobs()
    const before = { links: await count(sql`links`), emails: await count(sql`emails`) }
    await run(
      app.db,
      sql`insert into rate_limits (key, points, expire) select 'old ' || n, 1, 0 from generate_series(1, 20500) n`,
    )
    await run(
      app.db,
      sql`insert into password_failures (account, failures, open_at, last_at)
          select sha256(n::text::bytea), 5, now(), now() - interval '31 days' from generate_series(1, 1500) n`,
    )
    await run(
      app.db,
      sql`insert into links (purpose, user_id, email_at_issue, credential_version, nonce, created_at)
          select 'verify', ${who.id}, ${who.email}, 1, sha256(n::text::bytea), now() - interval '14 months'
          from generate_series(1, 1500) n`,
    )
    await run(
      app.db,
      sql`insert into emails (template, to_name, to_address, data, status, created_at)
          select 'x', 'x', 'x@x.test', '{}', case when n = 1 then 'queued' else 'sent' end, now() - interval '14 months'
          from generate_series(1, 1500) n`,
    )
    await run(
      app.db,
      sql`insert into automation_runs (automation, run_as, started_at, ended_at)
          select 'dormant', ${who.id}, now() - interval '14 months', now() - interval '14 months'`,
    )
    await run(
      app.db,
      sql`insert into campaign_selections (chosen_by, chosen_at, user_ids) values (${who.id}, now() - interval '2 days', '{}')`,
    )
    await run(
      app.db,
      sql`insert into graphile_worker._private_jobs (task_id, attempts, max_attempts, updated_at)
          select (select min(id) from graphile_worker._private_tasks), 12, 12, now() - n * interval '1 day'
          from unnest('{89,91}'::int[]) n`,
    )
    for (const job of ['prune_rate_limits', 'prune_imports', 'prune_history'] as const) await prune(job)
    expect(await count(sql`rate_limits where key like 'old %'`)).toBe(0)
    expect(await count(sql`password_failures where last_at < now() - interval '30 days'`)).toBe(0)
    expect(await count(sql`links`)).toBe(before.links)
    expect(await count(sql`emails`)).toBe(before.emails + 1)
    expect(await count(sql`automation_runs`)).toBe(0)
    expect(await count(sql`campaign_selections`)).toBe(0)
    expect(await count(sql`graphile_worker._private_jobs where attempts = 12`)).toBe(1)
  })

  test('impersonations are deleted ninety days after their end (fault 17)', async () => {
    const admin = await app.as('admin')
    await admin.post(`/users/${app.cast.sam.id}/impersonation`, { reason: 'the printer at the depot' })
    await prune('prune_history')
    expect(await count(sql`impersonations`)).toBe(1)
    await admin.post('/impersonation/end', {}, '/account')
    await run(
      app.db,
      sql`update impersonations set started_at = now() - interval '92 days', ends_at = now() - interval '92 days', ended_at = now() - interval '91 days'`,
    )
    await prune('prune_history')
    expect(await count(sql`impersonations`)).toBe(0)
  })
})
