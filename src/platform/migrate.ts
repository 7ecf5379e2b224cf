import { fileURLToPath } from 'node:url'
import { runMigrations as migrateJobs, Logger } from 'graphile-worker'
import pg from 'pg'
import { z } from 'zod'
import type { Queryable } from './db.ts'
import { many, sql } from './db.ts'
import { grantRights, type Logins } from './grants.ts'
import { isBaseline, readMigrations, readUpgrade, type Migration } from './migration-files.ts'
import { differingRows, writeReferenceRows, type ReferenceRows } from './reference-rows.ts'

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url))

/**
 * Brings the database up to date: applies the new files of `folder`, or the upgrade of a released version, then writes
 * the rows that mirror lists in the code. Returns the names of the files that ran and of the rows written. Concurrent
 * starts wait for each other. A file that ran must not be edited: add another one. This needs the owner's login; when
 * there is nothing to do, any role that may read is enough.
 */
export async function migrate(
  logins: Logins,
  referenceRows: ReferenceRows[],
  folder = migrations,
): Promise<string[]> {
  const pool = quietPool(logins.ownerConnectionString)
  const client = await pool.connect().catch(async (error: unknown) => {
    await pool.end()
    throw error
  })
  try {
    await client.query("select pg_advisory_lock(hashtext('migrate'))")
    const ran = await applyNew(client, folder)
    await migrateJobs({ pgPool: pool, logger: silent })
    const written = await writeReferenceRows(client, referenceRows)
    await grantRights(client, logins.connectionString)
    return [...ran, ...written]
  } finally {
    client.release(true) // closing the connection releases the lock
    await pool.end()
  }
}

/** Whether every file has run in its current version, and every row that mirrors a list in the code is there. */
export async function isMigrated(
  db: Queryable,
  referenceRows: ReferenceRows[],
  folder = migrations,
): Promise<boolean> {
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
  const available = await readMigrations(folder)
  if (!available.every(({ name, sha256 }) => applied.get(name) === sha256)) return false
  return (await differingRows(referenceRows, (statement) => db.query(statement))).length === 0
}

async function applyNew(client: pg.PoolClient, folder: string): Promise<string[]> {
  const available = await readMigrations(folder)
  const upgraded = await upgradeRelease(client, folder, available.filter(isBaseline))
  const applied = await selectApplied(client)
  available.forEach((migration) => assertUnedited(migration, applied.get(migration.name)))
  const fresh = available.filter(({ name }) => !applied.has(name))
  for (const migration of fresh) await apply(client, migration)
  return [...upgraded, ...fresh.map(({ name }) => name)]
}

/** A database that an earlier version made has migrations, but none of the baseline. */
async function upgradeRelease(
  client: pg.PoolClient,
  folder: string,
  baseline: Migration[],
): Promise<string[]> {
  const applied = [...(await selectApplied(client)).keys()].sort()
  const upgrade = await readUpgrade(folder)
  if (!upgrade || applied.length === 0 || applied.some((name) => isBaseline({ name }))) return []
  if (applied.length !== upgrade.files || applied.at(-1) !== upgrade.last)
    throw new Error(
      `This database was made by a version that was never released (its last migration is ${applied.at(-1)}). ` +
        `Restore a backup that 0.1.0 made, or start with an empty database: without DATABASE_URL, in another DATA_DIR.`,
    )
  await inTransaction(client, upgrade.name, async () => {
    await client.query(upgrade.text)
    await client.query('delete from migrations')
    for (const migration of baseline) await insertApplied(client, migration)
  })
  return [upgrade.name]
}

async function selectApplied(client: pg.PoolClient): Promise<Map<string, string>> {
  const { rowCount } = await client.query("select where to_regclass('migrations') is not null")
  if (rowCount === 0)
    await client.query(`create table migrations (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`)
  const { rows } = await client.query<Migration>('select name, sha256 from migrations')
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]))
}

const insertApplied = (client: pg.PoolClient, { name, sha256 }: Migration) =>
  client.query('insert into migrations (name, sha256) values ($1, $2)', [name, sha256])

function assertUnedited({ name, sha256 }: Migration, applied = sha256) {
  if (applied === sha256) return
  throw new Error(
    `Migration ${name} was edited after it ran on this database. Restore the file as it was and put the change into a new one.`,
  )
}

const apply = (client: pg.PoolClient, migration: Migration) =>
  inTransaction(client, migration.name, async () => {
    await client.query(migration.text)
    await insertApplied(client, migration)
  })

async function inTransaction(client: pg.PoolClient, name: string, work: () => Promise<void>) {
  try {
    await client.query('begin')
    await work()
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
