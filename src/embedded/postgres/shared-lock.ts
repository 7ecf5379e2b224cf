import { realpathSync } from 'node:fs'
import pg from 'pg'
import type { Cluster } from './cluster.ts'

/** One who uses a running server: it is not shut down before the last guest has left, whoever started it. */
export type SharedLock = { client: pg.Client; port: number }

// Each guest holds this lock together with the others; the last one gets it alone.
const presence = "hashtext('fieldkey: embedded database in use')"
const building = "hashtext('fieldkey: embedded database being built')"

/** Undefined when no server of this very cluster answers there. */
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
    await client.query(`select pg_advisory_lock_shared(${presence})`)
    return { client, port }
  } catch {
    await client.end().catch(() => {})
    return undefined
  }
}

/** Undefined unless this was the last guest; then the door is held shut until the connection ends. */
export async function release(cluster: Cluster, guest: SharedLock): Promise<SharedLock | undefined> {
  const lastSeen = await guest.client.query('select 1').then(
    () => guest,
    () => connect(cluster, guest.port),
  )
  if (!lastSeen) return undefined
  await lastSeen.client.query(`select pg_advisory_unlock_shared(${presence})`)
  const { rows } = await lastSeen.client.query<{ alone: boolean }>(
    `select pg_try_advisory_lock(${presence}) as alone`,
  )
  if (rows[0]?.alone) return lastSeen
  await lastSeen.client.end()
  return undefined
}

/** The database `fieldkey`, its owner of that name, and the role that works with it; neither is a superuser. */
export async function ensureDatabase({ client }: SharedLock, { password }: Cluster) {
  await client.query(`select pg_advisory_lock(${building})`)
  const { rows } = await client.query<{ roles: string[]; database: boolean }>(
    `select array(select rolname::text from pg_roles) as roles,
            exists (select from pg_database where datname = 'fieldkey') as database`,
  )
  for (const role of ['fieldkey', 'fieldkey_app'])
    if (!rows[0]?.roles.includes(role))
      await client.query(`create role ${role} login password ${client.escapeLiteral(password)}`)
  if (!rows[0]?.database) await client.query('create database fieldkey owner fieldkey')
  await client.query(`select pg_advisory_unlock(${building})`)
}

/** Settings such as PGSSLMODE in the environment are for other servers; this one is on this machine, without TLS. */
export function url({ password }: Cluster, port: number, user: string, database: 'fieldkey' | 'postgres') {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}?sslmode=disable`
}
