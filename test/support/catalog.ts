import { z } from 'zod'
import { many, sql, type Queryable, type Sql } from '../../src/platform/db.ts'

const ours = sql`relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace)`
const notOfExtension = (catalog: Sql, oid: Sql) =>
  sql`not exists (select from pg_depend where classid = ${catalog} and objid = ${oid} and deptype = 'e')`
/** Privileges one by one, since their order in an array means nothing. */
const grantsOn = (acl: Sql) => sql`(select string_agg(format('%s %s', grantee::regrole, privilege_type), ', '
  order by grantee::regrole::text, privilege_type) from aclexplode(${acl}))`

/** Everything that a migration can make, one line each. The order of columns is left out. */
const parts: Record<string, Sql> = {
  columns: sql`select format('%s.%s %s %s default %s generated %s %s collation %s', attrelid::regclass, attname, format_type(atttypid, atttypmod),
      case when attnotnull then 'not null' end, pg_get_expr(adbin, adrelid), attgenerated, attidentity, attcollation::regcollation)
    from pg_attribute join pg_class c on c.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where ${ours} and relkind in ('r', 'p', 'v', 'c') and attnum > 0 and not attisdropped`,
  // A dump loses brackets that change nothing, and the names that PostgreSQL 18 gave "not null" in the job queue.
  constraints: sql`select format('%s %s %s %s', conrelid::regclass, conname, translate(pg_get_constraintdef(k.oid), '()', ''), convalidated)
    from pg_constraint k join pg_class c on c.oid = conrelid
    where ${ours} and (contype <> 'n' or relnamespace = 'public'::regnamespace)`,
  indexes: sql`select format('%s %s', pg_get_indexdef(indexrelid), indisvalid) from pg_index join pg_class c on c.oid = indexrelid where ${ours}`,
  triggers: sql`select format('%s %s', pg_get_triggerdef(t.oid), tgenabled) from pg_trigger t join pg_class c on c.oid = tgrelid
    where ${ours} and not tgisinternal`,
  functions: sql`select format('%s %s %s', pg_get_functiondef(p.oid), proowner::regrole, ${grantsOn(sql`coalesce(proacl, acldefault('f', proowner))`)})
    from pg_proc p where pronamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) and prokind = 'f'
      and ${notOfExtension(sql`'pg_proc'::regclass`, sql`p.oid`)}`,
  relations: sql`select format('%s %s %s %s %s', oid::regclass, relkind, relowner::regrole, relrowsecurity,
      ${grantsOn(sql`coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))`)})
    from pg_class where ${ours} and relkind in ('r', 'p', 'v', 'S')`,
  'rights on columns': sql`select format('%s.%s %s', attrelid::regclass, attname, attacl) from pg_attribute join pg_class c on c.oid = attrelid
    where ${ours} and attacl is not null`,
  views: sql`select format('%s %s', oid::regclass, pg_get_viewdef(oid)) from pg_class where ${ours} and relkind = 'v'`,
  policies: sql`select format('%s.%s %s %s %s %s %s', schemaname, tablename, policyname, roles, cmd, qual, with_check) from pg_policies`,
  types: sql`select format('%s %s %s', t.oid::regtype, typtype, (select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid))
    from pg_type t where typnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace)
      and typtype in ('c', 'e', 'd') and ${notOfExtension(sql`'pg_type'::regclass`, sql`t.oid`)}`,
  schemas: sql`select format('%s %s', nspname, ${grantsOn(sql`nspacl`)}) from pg_namespace where nspname in ('public', 'graphile_worker')`,
  extensions: sql`select format('%s %s', extname, extversion) from pg_extension`,
}

/** The rows that every database has. */
const rows: Record<string, Sql> = {
  migrations: sql`select format('%s %s', name, sha256) from migrations`,
  'migrations of the job queue': sql`select id::text from graphile_worker.migrations`,
  'event types': sql`select name from event_types`,
  permissions: sql`select name from permissions`,
  'built-in roles': sql`select format('%s %s %s %s', name, kind, scope, permissions) from roles where built_in`,
  automations: sql`select key from automations`,
  'canned responses': sql`select original::text from canned_responses where original is not null`,
}

const Line = z.object({ line: z.string() })
const read = async (db: Queryable, from: Record<string, Sql>) => {
  const found: Record<string, string[]> = {}
  for (const [name, query] of Object.entries(from)) {
    const lines = await many(
      db,
      Line,
      sql`select line from (${query}) as found(line) order by line collate "C"`,
    )
    found[name] = lines.map(({ line }) => line)
  }
  return found
}

export const catalogOf = (db: Queryable) => read(db, parts)
export const commonRowsOf = (db: Queryable) => read(db, rows)

/** Every table with a sum of its rows, to see that nothing changed. */
export async function contentsOf(db: Queryable) {
  const tables = await many(
    db,
    Line,
    sql`select oid::regclass::text as line from pg_class where ${ours} and relkind = 'r' order by 1`,
  )
  const found: Record<string, string> = {}
  for (const { line } of tables) {
    const { rows: sums } = await db.query({
      text: `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '' order by t::text collate "C")), '') as sum from ${line} t`,
      values: [],
    })
    found[line] = (sums[0] as { sum: string }).sum
  }
  return found
}
