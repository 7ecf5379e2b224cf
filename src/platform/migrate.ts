import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runMigrations as migrateJobs, Logger } from 'graphile-worker'
import pg from 'pg'
import { z } from 'zod'
import type { Queryable } from './db.ts'
import { many, sql } from './db.ts'
import { grantRights, type Logins } from './grants.ts'

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

type Migration = { name: string; text: string; sha256: string }

/**
 * Applies the new files of `folder` in the order of their names and returns the names of those that ran. Concurrent
 * starts wait for each other. A file that ran must not be edited: add another one. This needs the owner's login; when
 * there is nothing to apply, any role that may read is enough.
 */
export async function migrate(logins: Logins, folder = migrations): Promise<string[]> {
  const pool = quietPool(logins.ownerConnectionString)
  const client = await pool.connect().catch(async (error: unknown) => {
    await pool.end()
    throw error
  })
  try {
    await client.query("select pg_advisory_lock(hashtext('migrate'))")
    const ran = await applyNew(client, await readMigrations(folder))
    await migrateJobs({ pgPool: pool, logger: silent })
    await grantRights(client, logins.connectionString)
    return ran
  } finally {
    client.release(true) // closing the connection releases the lock
    await pool.end()
  }
}

/** Whether every file has run in its current version. */
export async function isMigrated(db: Queryable, folder = migrations): Promise<boolean> {
  const found = await many(
    db,
    z.object({ name: z.string().nullable() }),
    sql`select to_regclass('migrations')::text as name`,
  )
  if (!found[0]?.name) return false
  const rows = await many(
    db,
    z.object({ name: z.string(), sha256: z.string() }),
    sql`select name, sha256 from migrations`,
  )
  const applied = new Map(rows.map(({ name, sha256 }) => [name, sha256]))
  return (await readMigrations(folder)).every(({ name, sha256 }) => applied.get(name) === sha256)
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(names.map((name) => readMigration(folder, name)))
}

async function readMigration(folder: string, name: string): Promise<Migration> {
  const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
  return { name, text, sha256: createHash('sha256').update(text).digest('hex') }
}

async function applyNew(client: pg.PoolClient, available: Migration[]): Promise<string[]> {
  const { rowCount } = await client.query("select where to_regclass('migrations') is not null")
  if (rowCount === 0)
    await client.query(`create table migrations (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`)
  const { rows } = await client.query<Migration>('select name, sha256 from migrations')
  const applied = new Map(rows.map(({ name, sha256 }) => [name, sha256]))
  available.forEach((migration) => assertUnedited(migration, applied.get(migration.name)))
  const fresh = available.filter(({ name }) => !applied.has(name))
  for (const migration of fresh) await apply(client, migration)
  return fresh.map(({ name }) => name)
}

function assertUnedited({ name, sha256 }: Migration, applied = sha256) {
  if (applied === sha256) return
  throw new Error(
    `Migration ${name} was edited after it ran on this database. Restore the file as it was and put the change into a new one.`,
  )
}

async function apply(client: pg.PoolClient, { name, text, sha256 }: Migration) {
  try {
    await client.query('begin')
    await client.query(text)
    await client.query('insert into migrations (name, sha256) values ($1, $2)', [name, sha256])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback').catch(() => {})
    throw new Error(`Migration ${name} failed and was undone: ${(cause as Error).message}`, { cause })
  }
}

const silent = new Logger(() => () => {})

/**
 * Two connections: one holds the lock, one runs the job queue's own migrations. A lost connection must not end the
 * process.
 */
function quietPool(connectionString: string) {
  const pool = new pg.Pool({ connectionString, max: 2, connectionTimeoutMillis: 10_000 })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}
