import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { readConfig } from '../../src/config.ts'
import { Db, many, one, sql } from '../../src/platform/db.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { referenceRows } from '../../src/reference-rows.ts'
import { ownsLog } from '../../src/platform/grants.ts'
import { startWorker } from '../../src/worker.ts'
import { emptyDatabase, loginsOf, ownerOf, superuserOf, testDatabase } from '../support/database.ts'
import { sessionSecret } from '../support/test-app.ts'
import { administer } from '../support/test-server.ts'

const database = testDatabase()
const logins = loginsOf(database)
const appName = new URL(database).username
const ownerName = new URL(logins.ownerConnectionString).username
const expressApp = new Db(database)
const owner = new Db(logins.ownerConnectionString)
afterAll(() => Promise.all([expressApp.close(), owner.close()]))

const asSuperuser = (statement: string) => administer(superuserOf(database), statement)

/** Every right that stands in the database, and every policy. */
async function rights() {
  const Text = z.object({ text: z.string() })
  const rows = await many(
    owner,
    Text,
    sql`select format('%s %s', oid::regclass, relacl) as text from pg_class where relnamespace = any ('{public,graphile_worker}'::regnamespace[])
        union all select format('%s %s', attname, attacl) from pg_attribute where attacl is not null
          and attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
        union all select format('%s %s', nspname, nspacl) from pg_namespace
        union all select format('%s %s', datname, coalesce(datacl, acldefault('d', datdba))) from pg_database where datname = current_database()
        union all select format('%s %s %s', tablename, policyname, roles) from pg_policies order by 1`,
  )
  return rows.map(({ text }) => text)
}

describe('the role that works', () => {
  test('reads the log and adds to it', async () => {
    await expressApp.pool.query(
      `insert into activity_log (seq, at, event, category, prev_hash, hash) values (1, now(), 'sign_out', 'security', '', '')`,
    )
    expect((await expressApp.pool.query('select from activity_log')).rowCount).toBe(1)
    expect(await ownsLog(expressApp)).toBe(false)
  })

  test.each([
    `update activity_log set event = 'sign_in'`,
    'delete from activity_log',
    'truncate activity_log',
    'alter table activity_log disable trigger never_changed',
    'alter table users add column extra text',
    'drop table activity_log',
    'drop function refuse_rewriting() cascade',
    'create or replace function activity_hash(r activity_log) returns bytea language sql as $$ select null $$',
    'create trigger mine before insert on activity_log for each row execute function refuse_rewriting()',
    'truncate users cascade',
    'create table mine (id int)',
    `create function mine() returns int language sql as 'select 1'`,
    'create schema mine',
    'create table graphile_worker.mine (id int)',
    `insert into migrations (name, sha256) values ('9999_mine.sql', '')`,
    'delete from migrations',
    `insert into event_types (name) values ('mine')`,
    `update event_types set name = 'mine'`,
    'delete from permissions',
    'insert into graphile_worker.migrations (id) values (9999)',
    `set role "${ownerName}"`,
    `set session_replication_role = replica`,
  ])('may not: %s', async (attempt) => {
    await expect(expressApp.pool.query(attempt)).rejects.toThrow(/permission denied|must be owner of/)
  })

  test('does jobs and keeps their timetable', async () => {
    const worker = await startWorker(database, readConfig({ SESSION_SECRET: sessionSecret }))
    await expressApp.pool.query(`select graphile_worker.add_job('prune_rate_limits')`)
    await vi.waitFor(
      async () => expect((await expressApp.pool.query('select from graphile_worker.jobs')).rowCount).toBe(0),
      10_000,
    )
    const timetable = await expressApp.pool.query(
      'select identifier from graphile_worker._private_known_crontabs',
    )
    expect(timetable.rows).toContainEqual({ identifier: 'expire_temporary_passwords' })
    await worker.stop()
  })
})

describe('migrating', () => {
  test('a second time changes no right', async () => {
    const before = await rights()
    await migrate(logins, referenceRows)
    expect(await rights()).toEqual(before)
    expect(before.filter((text) => text.startsWith('_private_jobs')).join()).toContain(appName)
  })

  test('takes back what was granted too much', async () => {
    const before = await rights()
    await asSuperuser(`grant all on all tables in schema public, graphile_worker to "${appName}";
      grant update (details) on activity_log to "${appName}";
      grant delete on activity_log to public;
      grant create on schema public to "${appName}", public;
      grant create on database "${new URL(database).pathname.slice(1)}" to "${appName}"`)
    expect(await rights()).not.toEqual(before)
    await migrate(logins, referenceRows)
    expect(await rights()).toEqual(before)
  })

  test('opens new tables to the role that works, and the checks of the log for adding only', async () => {
    await owner.pool.query(
      'create table later (id int); create table if not exists activity_checks (id int generated always as identity)',
    )
    await migrate(logins, referenceRows)
    const may = (table: string) =>
      one(
        expressApp,
        z.object({ all: z.boolean(), add: z.boolean(), rewrite: z.boolean() }),
        sql`select has_table_privilege(${table}, 'insert') and has_table_privilege(${table}, 'delete') as all,
              has_table_privilege(${table}, 'insert') as add, has_table_privilege(${table}, 'update, delete, truncate') as rewrite`,
      )
    expect(await may('later')).toMatchObject({ all: true })
    expect(await may('activity_checks')).toEqual({ all: false, add: true, rewrite: false })
  })
})

describe('a role in DATABASE_URL', () => {
  const fresh = emptyDatabase()
  const name = `test_role_${randomBytes(4).toString('hex')}`
  const own = Object.assign(new URL(fresh), { username: name, password: 'violin %27 58' }).href
  const asSuperuserThere = (statement: string) => administer(superuserOf(fresh), statement)
  afterAll(() => asSuperuserThere(`drop owned by ${name}; drop role ${name}`))

  test('that is not there is made, or else it is said how', async () => {
    await expect(
      migrate({ connectionString: own, ownerConnectionString: ownerOf(fresh) }, referenceRows),
    ).rejects.toThrow(`there is no role ${name}, and this one may not create it. As a superuser: create role`)

    await migrate({ connectionString: own, ownerConnectionString: superuserOf(fresh) }, referenceRows)
    const made = new Db(own)
    expect((await made.pool.query('select from roles')).rowCount).toBe(5)
    await expect(made.pool.query('delete from activity_log')).rejects.toThrow('permission denied')
    await made.close()
  })

  test.each([
    ['owns a table', 'own tables here', `alter table teams owner to ${name}`],
    ['is superuser', 'own tables here', `alter role ${name} superuser`],
    ['may make roles', 'create roles', `alter role ${name} createrole`],
    ['writes everywhere', 'rewrite activity_log', `grant pg_write_all_data to ${name}`],
  ])('that %s is refused', async (_, excess, statement) => {
    await asSuperuserThere(statement)
    const migrating = migrate(
      { connectionString: own, ownerConnectionString: superuserOf(fresh) },
      referenceRows,
    )
    await expect(migrating).rejects.toThrow(`the role ${name} of DATABASE_URL has too many privileges`)
    await expect(migrating).rejects.toThrow(excess)
    await asSuperuserThere(`alter table teams owner to "${ownerName}"; alter role ${name} nosuperuser nocreaterole;
      revoke pg_write_all_data from ${name}`)
  })
})
