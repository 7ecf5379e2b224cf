import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { platform } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { noDatabase } from './binaries.ts'
import type { DataDir } from './data-dir.ts'

const run = promisify(execFile)

/** A database cluster on disk, with what is needed to run it and to connect. */
export type Cluster = DataDir & { data: string; password: string; program: (name: string) => string }

export async function openCluster(dataDir: DataDir, program: Cluster['program']): Promise<Cluster> {
  const data = join(dataDir.home, 'data')
  if (!existsSync(dataDir.home)) await createCluster(dataDir, program)
  return { ...dataDir, data, program, password: readPassword(dataDir.home) }
}

/** Creates the cluster in a temporary folder and renames it, so that a concurrent start finds a complete one. */
async function createCluster({ home, account }: DataDir, program: Cluster['program']) {
  removeUnfinished(home)
  const fresh = mkdtempSync(`${home}.new-${process.pid}-`)
  const password = join(fresh, 'password')
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 })
  if (account) for (const path of [fresh, password]) chownSync(path, account.uid, account.gid)
  try {
    await run(program('initdb'), initdbOptions(join(fresh, 'data'), password), {
      ...account,
      cwd: fresh,
      env: { ...process.env, LC_ALL: 'C' },
    })
    renameSync(fresh, home)
  } catch (cause) {
    rmSync(fresh, { recursive: true, force: true })
    if (existsSync(home)) return
    throw noDatabase(`The embedded database could not be created: ${(cause as Error).message.trim()}.`, cause)
  }
}

/** The builtin locale sorts by code point on every machine; queries sort names with an ICU collation. */
function initdbOptions(data: string, password: string) {
  const system = platform() === 'linux' ? ['--locale=C.UTF-8'] : ['--locale=C', '--builtin-locale=C.UTF-8']
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', ...system]
  return ['-D', data, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${password}`, ...locale]
}

function removeUnfinished(home: string) {
  for (const entry of readdirSync(dirname(home))) {
    const [, pid] = entry.match(/^(?:.+)\.new-(\d+)-/) ?? []
    if (!pid || !entry.startsWith(`${basename(home)}.new-`) || isAlive(Number(pid))) continue
    rmSync(join(dirname(home), entry), { recursive: true, force: true })
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readPassword(home: string): string {
  try {
    return readFileSync(join(home, 'password'), 'utf8').trim()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EACCES') throw cause
    const advice = 'Start Fieldkey as the account that created it (root?), or set DATA_DIR to another folder.'
    throw new Error(`The database in ${home} belongs to another account. ${advice}`, { cause })
  }
}
