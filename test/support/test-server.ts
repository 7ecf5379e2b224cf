import { randomBytes } from 'node:crypto'
import { accessSync, chmodSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.ts'
import { isAlive } from '../../src/embedded/postgres/cluster.ts'

/** How to come in: as superuser, as the owner of the tables, as the role that works with them. */
export type Ways = { admin: string; owner: string; app: string }
export type TestServer = Ways & { stop: () => Promise<void> }

/** What a test server loses in a power cut does not matter. */
const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }
const prefix = 'fieldkey-test-'

/** TEST_DATABASE_URL names a server with its superuser; without it one is started for the run. */
export async function startTestServer(): Promise<TestServer> {
  const given = process.env.TEST_DATABASE_URL
  if (given) return guestOf(given)
  const parent = roomyMemory('/dev/shm') ? '/dev/shm' : tmpdir()
  for (const place of new Set([parent, tmpdir()])) await sweepLeftBehind(place)
  return startIn(parent, careless)
}

/** A server with its data in a folder there; `stop` takes both away. */
export async function startIn(parent: string, settings: Record<string, string>): Promise<TestServer> {
  const folder = makeTestFolder(parent)
  const server = await startEmbeddedPostgres({ folder, port: 0, settings })
  return {
    admin: server.adminConnectionString,
    owner: server.ownerConnectionString,
    app: server.connectionString,
    stop: async () => {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Roles belong to the whole server, so each run has two of its own there and takes them away again. */
async function guestOf(admin: string): Promise<TestServer> {
  const password = randomBytes(12).toString('hex')
  const roles = ['owner', 'app'].map((part) => `test_${part}_${password.slice(0, 8)}`)
  for (const role of roles) await administer(admin, `create role ${role} login password '${password}'`)
  const [owner = '', expressApp = ''] = roles.map((role) =>
    Object.assign(new URL(admin), { username: role, password }).toString(),
  )
  return { admin, owner, app: expressApp, stop: () => administer(admin, `drop role ${roles.join(', ')}`) }
}

export async function administer(connectionString: string, statement: string) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

/** The name has the process's id, so that a later run can tell that the folder is left over. */
export function makeTestFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`))
  chmodSync(folder, 0o755)
  return folder
}

/** Containers often have only 64 MB of it, too little for a cluster. */
function roomyMemory(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize > 2 ** 30
  } catch {
    return false
  }
}

/** Stops servers left by killed runs. */
async function sweepLeftBehind(parent: string) {
  const left = readdirSync(parent).filter((name) => name.startsWith(prefix) && !isAlive(pidIn(name)))
  for (const folder of left.map((name) => join(parent, name))) {
    const server = await startEmbeddedPostgres({ folder, port: 0, settings: careless }).catch(() => undefined)
    await server?.stop()
    if (server) rmSync(folder, { recursive: true, force: true })
  }
}

const pidIn = (name: string) => Number(name.slice(prefix.length).split('-')[0])
