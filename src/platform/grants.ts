import pg from 'pg'
import { z } from 'zod'
import { one, sql, type Queryable } from './db.ts'

/**
 * Two connections to one database: the owner's for migrations only, the app's for everything else. They may be the
 * same.
 */
export type Logins = { connectionString: string; ownerConnectionString: string }

const defaultPrivileges = 'select, insert, update, delete'
/** Tables on which the app has fewer privileges, whether or not they exist yet. */
const restrictedTables = {
  activity_log: 'select, insert',
  activity_checks: 'select, insert',
  // Triggers and functions of their owner write them.
  activity_counts: 'select',
  activity_counted_from: 'select',
  migrations: 'select', // ours, and the job queue's
  // The rows that only migrate writes.
  event_types: 'select',
  permissions: 'select',
}

/**
 * Gives the app's role exactly the privileges it needs and revokes all others. It runs at each start, so that tables
 * of new migrations are included. A privilege that only a superuser could revoke is an error that names it.
 */
export async function grantRights(owner: pg.ClientBase, connectionString: string): Promise<void> {
  const app = new pg.Client({ connectionString })
  const { rows } = await owner.query<{ user: string }>('select current_user as user')
  if (!app.user || app.user === rows[0]?.user) return
  await ensureRole(owner, app.user, app.password ?? null)
  const statements = await owner.query<{ statement: string }>(grants, [
    app.user,
    defaultPrivileges,
    restrictedTables,
  ])
  // In one transaction, so that a running app never lacks a privilege.
  const all = statements.rows.map(({ statement }) => statement)
  await owner.query(['begin', ...all, 'commit'].join(';\n')).catch(async (error: unknown) => {
    await owner.query('rollback')
    throw error
  })
  await refuseExcess(owner, app.user)
}

async function ensureRole(owner: pg.ClientBase, name: string, password: string | null) {
  const { rows } = await owner.query<{ there: boolean; creator: boolean }>(
    `select exists (select from pg_roles where rolname = $1) as there, rolcreaterole or rolsuper as creator
     from pg_roles where rolname = current_user`,
    [name],
  )
  if (rows[0]?.there) return
  const role = `create role ${pg.escapeIdentifier(name)} login password`
  if (!rows[0]?.creator)
    throw new Error(
      `there is no role ${name}, and this one may not create it. As a superuser: ${role} 'the one in DATABASE_URL'`,
    )
  await owner.query(`${role} ${password === null ? 'null' : pg.escapeLiteral(password)}`)
}

// $1 is the app's role, $2 the default privileges, $3 the restricted tables. The job queue's tables have row level
// security without a policy, which denies access to all but their owner.
const grants = `
  select format('revoke create on database %I from public, %I', current_database(), $1::text) as statement
  union all select 'revoke create on schema public from public'
  union all select format('revoke all on schema %1$I from %2$I; grant usage on schema %1$I to %2$I', schema, $1::text)
  from unnest(array['public', 'graphile_worker']) schema
  union all select format('revoke all on %1$s %2$s from public, %3$I; grant %4$s on %1$s %2$s to %3$I',
    case c.relkind when 'S' then 'sequence' else 'table' end, c.oid::regclass, $1::text,
    case c.relkind when 'S' then 'usage, select' when 'v' then 'select' else coalesce($3::jsonb ->> relname, $2) end)
  from pg_class c
  where relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace)
    and relkind in ('r', 'p', 'v', 'S') and pg_has_role(relowner, 'usage')
  union all select format('create policy %1$I on %2$s to %1$I using (true)', $1::text, c.oid::regclass)
  from pg_class c
  where relnamespace = 'graphile_worker'::regnamespace and relrowsecurity
    and not exists (select from pg_policy where polrelid = c.oid and polname = $1)`

async function refuseExcess(owner: pg.ClientBase, name: string) {
  const { rows } = await owner.query<{ excess: string }>(excess, [name, Object.keys(restrictedTables)])
  if (rows.length === 0) return
  const can = rows.map((row) => row.excess).join(', ')
  throw new Error(
    `the role ${name} of DATABASE_URL has too many privileges. It can ${can}. Revoke that, or name another role there`,
  )
}

const excess = `
  with ours as (
    select * from pg_class
    where relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) and relkind in ('r', 'p'))
  select 'create roles' as excess from pg_roles where rolname = $1 and rolcreaterole
  union select 'own tables here, by itself, as a member of their owner or as superuser' from ours
  where pg_has_role($1::name, relowner, 'member')
  union select 'create things in schema ' || schema from unnest(array['public', 'graphile_worker']) schema
  where has_schema_privilege($1::name, schema, 'create')
  union select 'rewrite ' || oid::regclass from ours
  where relname = any ($2) and has_table_privilege($1::name, oid, 'update, delete, truncate, trigger')
  order by 1`

/** Whether the current role could disable the triggers that protect the activity log. */
export async function ownsLog(db: Queryable): Promise<boolean> {
  const { owns } = await one(
    db,
    z.object({ owns: z.boolean() }),
    sql`select pg_has_role(relowner, 'member') as owns from pg_class where oid = 'activity_log'::regclass`,
  )
  return owns
}
