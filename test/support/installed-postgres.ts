import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '../../src/embedded/postgres/port.ts'
import { administer, makeTestFolder } from './test-server.ts'

const debian = '/usr/lib/postgresql'
const needed = ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore']

/** The folder of an installed PostgreSQL with the backup programs, which the embedded one lacks. */
export function installedPrograms(): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  return versions
    .map((version) => path.join(debian, version, 'bin'))
    .find((bin) => needed.every((program) => existsSync(path.join(bin, program))))
}

/** Starts a separate server with these programs, which never run as root. */
export async function startInstalled(bin: string) {
  const folder = makeTestFolder()
  const account = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid)
  const program = (name: string, ...given: string[]) =>
    execFileSync(path.join(bin, name), given, {
      ...account,
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  const data = path.join(folder, 'data')
  const port = await freePort(0)
  program('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8')
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories='' -c fsync=off`
  program('pg_ctl', '-D', data, '-w', '-l', path.join(folder, 'log'), '-o', settings, 'start')
  const at = (role: string, database: string) => `postgres://${role}@127.0.0.1:${port}/${database}`
  return {
    at,
    program,
    administer: (statement: string) => administer(at('postgres', 'postgres'), statement),
    stop() {
      program('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop')
      rmSync(folder, { recursive: true, force: true })
    },
    folder,
  }
}

const idOf = (which: '-u' | '-g') => Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }))
