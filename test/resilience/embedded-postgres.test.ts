import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.ts'
import { makeTestFolder } from '../support/test-server.ts'

const folder = makeTestFolder()
const empty = makeTestFolder()
afterAll(() => [folder, empty].forEach((each) => rmSync(each, { recursive: true, force: true })))

const start = (where = folder) =>
  startEmbeddedPostgres({ folder: where, port: 0, settings: { fsync: 'off' } })
type Server = Awaited<ReturnType<typeof start>>

const ask = (server: Server, statement: string) => askAt(server.ownerConnectionString, statement)

async function askAt(connectionString: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query({ text: statement, rowMode: 'array' }).finally(() => client.end())
  return (rows[0] as unknown[] | undefined)?.[0]
}

const postmaster = (server: Server) =>
  Number(readFileSync(join(server.home, 'data/postmaster.pid'), 'utf8').split('\n')[0])
const isDown = (server: Server) => !existsSync(join(server.home, 'data/postmaster.pid'))

/** Another Node that starts (or adopts) the same database, says so, and stays until it is killed or told to go. */
function anotherFieldkey() {
  const program = `
    import { startEmbeddedPostgres } from './src/embedded/embedded-postgres.ts'
    const server = await startEmbeddedPostgres({ folder: process.argv[1], port: 0 })
    console.log('attached', server.attached)
    process.stdin.on('end', () => server.stop()).resume()`
  const options = ['--import', './src/typescript.js', '--input-type=module', '--eval', program, folder]
  const child = spawn(process.execPath, options, { stdio: ['pipe', 'pipe', 'inherit'] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const up = new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (said: Buffer) => resolve(String(said).trim()))
    child.once('exit', () => reject(new Error('it ended early')))
  })
  return {
    up,
    goes: () => (child.stdin.end(), gone),
    isKilled: () => (child.kill('SIGKILL'), gone),
  }
}

test('starts, keeps its data over a restart, and stops', async () => {
  const first = await start()
  expect(first.attached).toBe(false)
  await ask(first, 'create table kept as select 42 as n')
  await first.stop()
  expect(isDown(first)).toBe(true)

  const second = await start()
  expect(await ask(second, 'select n from kept')).toBe(42)
  await second.stop()
})

test('lets the program in as the owner of its database and as one who works there, and no more', async () => {
  const server = await start()
  const ways = { fieldkey: server.ownerConnectionString, fieldkey_app: server.connectionString }
  const powers = 'select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user'
  for (const [role, way] of Object.entries(ways)) {
    expect(await askAt(way, `select current_user || ' in ' || current_database()`)).toBe(
      `${role} in fieldkey`,
    )
    expect(await askAt(way, powers)).toBe(false)
    await expect(askAt(way.replace(/:[^:@]+@/, ':guess@'), 'select 1')).rejects.toThrow(
      'password authentication failed',
    )
  }
  await server.stop()
})

test('opens a folder of the version that had one role, and adds the other', async () => {
  const older = await start()
  await askAt(older.adminConnectionString, 'drop role fieldkey_app')
  await older.stop()

  const server = await start()
  expect(await askAt(server.connectionString, 'select current_user::text')).toBe('fieldkey_app')
  expect(await ask(server, 'select n from kept')).toBe(42)
  await server.stop()
})

test('adopts the server that a killed Fieldkey left, and stops it in the end', async () => {
  const killed = anotherFieldkey()
  expect(await killed.up).toBe('attached false')
  await killed.isKilled()

  const server = await start()
  expect(server.attached).toBe(true)
  expect(await ask(server, 'select n from kept')).toBe(42)
  await server.stop()
  expect(isDown(server)).toBe(true)
})

test('recovers when both were killed', async () => {
  const killed = anotherFieldkey()
  await killed.up
  process.kill(
    Number(readFileSync(join(folder, 'postgres-18/data/postmaster.pid'), 'utf8').split('\n')[0]),
    'SIGKILL',
  )
  await killed.isKilled()

  const server = await start()
  expect(server.attached).toBe(false)
  expect(await ask(server, 'select n from kept')).toBe(42)
  await server.stop()
})

test('goes on while another Fieldkey uses it, no matter which started it', async () => {
  const server = await start()
  const other = anotherFieldkey()
  expect(await other.up).toBe('attached true')
  const pid = postmaster(server)

  await server.stop()
  expect(isDown(server)).toBe(false)

  const again = await start()
  await other.goes()
  expect(postmaster(again)).toBe(pid)
  expect(await ask(again, 'select n from kept')).toBe(42)
  await again.stop()
  expect(isDown(again)).toBe(true)
})

test('two starts at once in an empty folder end up with one server', async () => {
  const both = await Promise.all([start(empty), start(empty)])
  expect(both.map((server) => server.attached).sort()).toEqual([false, true])
  expect(both[0].connectionString).toBe(both[1].connectionString)
  await Promise.all(both.map((server) => server.stop()))
  expect(isDown(both[0])).toBe(true)
})

test('says what is wrong with a setting instead of trying for long', async () => {
  const wrong = startEmbeddedPostgres({ folder, port: 0, settings: { fsync: 'perhaps' } })
  await expect(wrong).rejects.toThrow('parameter "fsync" requires a Boolean value')
})
