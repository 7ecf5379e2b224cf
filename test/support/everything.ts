import { z } from 'zod'
import { many, Sql, sql, type Queryable } from '../../src/platform/db.ts'

const Table = z.object({ name: z.string() })
const Digest = z.object({ name: z.string(), all: z.string().nullable() })

/** Session data of forms and counts of attempts: they are not changes. */
const counters = ['public.session_data', 'public.rate_limits', 'public.password_failures']

/** A digest of each table: equal digests mean that nothing changed in between. */
export async function everything(db: Queryable, except = counters): Promise<Record<string, string | null>> {
  const digests = (await tables(db, except)).map(
    (name) =>
      `select '${name}' as name, md5(string_agg(t::text, ',' order by t::text)) as all from ${name} t`,
  )
  const rows = await many(db, Digest, new Sql(digests.join(' union all '), []))
  return Object.fromEntries(rows.map(({ name, all }) => [name, all]))
}

/** Every table except the counters. */
export async function tables(db: Queryable, except = counters): Promise<string[]> {
  const rows = await many(
    db,
    Table,
    sql`select schemaname || '.' || tablename as name from pg_tables
        where schemaname in ('public', 'graphile_worker') order by 1`,
  )
  return rows.map(({ name }) => name).filter((name) => !except.includes(name))
}
