import { realpathSync } from 'node:fs'
import pg from 'pg'
import type { Cluster } from './cluster.ts'

/** A Fieldkey's shared lock on a running server. The last one to release it stops the server. */
export type SharedLock = { client: pg.Client; port: number }

// Every user of the server holds this lock in shared mode; the last one gets it exclusively.
const inUse = "hashtext('fieldkey: embedded database in use')"
const beingBuilt = "hashtext('fieldkey: embedded database being built')"

/** Connects and takes the shared lock. Undefined if no server of this cluster answers on the port. */
export async function connect(cluster: Cluster, port: number): Promise<SharedLock | undefined> {
  const client = new pg.Client({
    connectionString: url(cluster, port, 'postgres', 'postgres'),
    connectionTimeoutMillis: 2_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    const directory = rows[0]?.data_directory
    if (!directory || realpathSync(directory) !== realpathSync(cluster.data))
      throw new Error('another server')
    await client.query(`select pg_advisory_lock_shared(${inUse})`)
    return { client, port }
  } catch {
    await client.end().catch(() => {})
    return undefined
  }
}

/**
 * Releases the lock. Returns it if this was the last user; then nobody else can connect until the connection ends.
 */
export async function release(cluster: Cluster, lock: SharedLock): Promise<SharedLock | undefined> {
  const reachable = await lock.client.query('select 1').then(
    () => lock,
    () => connect(cluster, lock.port),
  )
  if (!reachable) return undefined
  await reachable.client.query(`select pg_advisory_unlock_shared(${inUse})`)
  const { rows } = await reachable.client.query<{ alone: boolean }>(
    `select pg_try_advisory_lock(${inUse}) as alone`,
  )
  if (rows[0]?.alone) return reachable
  await reachable.client.end()
  return undefined
}

/** Creates the database `fieldkey`, its owner of the same name, and the app's role. Neither is a superuser. */
export async function ensureDatabase({ client }: SharedLock, { password }: Cluster) {
  await client.query(`select pg_advisory_lock(${beingBuilt})`)
  const { rows } = await client.query<{ roles: string[]; database: boolean }>(
    `select array(select rolname::text from pg_roles) as roles,
            exists (select from pg_database where datname = 'fieldkey') as database`,
  )
  for (const role of ['fieldkey', 'fieldkey_app'])
    if (!rows[0]?.roles.includes(role))
      await client.query(`create role ${role} login password ${client.escapeLiteral(password)}`)
  if (!rows[0]?.database) await client.query('create database fieldkey owner fieldkey')
  await client.query(`select pg_advisory_unlock(${beingBuilt})`)
}

/** PGSSLMODE and similar variables are for other servers; this one is on this machine, without TLS. */
export function url({ password }: Cluster, port: number, user: string, database: 'fieldkey' | 'postgres') {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`
}
