import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Cluster } from './cluster.ts'
import { isAlive } from './cluster.ts'
import { connect } from './shared-lock.ts'
import type { SharedLock } from './shared-lock.ts'
import { freePort } from './port.ts'

const run = promisify(execFile)

export type Launch = { port: number; settings: Record<string, string>; log: (line: string) => void }

/** Connects to the server that already runs on this cluster: one left by a killed Fieldkey, or another Fieldkey's. */
export async function attach(cluster: Cluster): Promise<SharedLock | undefined> {
  const running = readPidFile(cluster)
  return running && (await connect(cluster, running.port))
}

/** Starts a server. Undefined if a concurrent start was faster and its server can be used. */
export async function launch(
  cluster: Cluster,
  wanted: Launch,
  deadline: number,
): Promise<SharedLock | undefined> {
  dropStalePidFile(cluster)
  const port = await freePort(wanted.port)
  const child = spawnServer(cluster, port, wanted.settings)
  let output = ''
  child.on('error', (error) => (output += error.message))
  child.stderr?.on('data', (bytes: Buffer) => {
    output = (output + String(bytes)).slice(-4000)
    wanted.log(String(bytes).trimEnd())
  })
  while (isRunning(child)) {
    const lock = await connect(cluster, port)
    if (lock) return lock
    if (Date.now() > deadline) {
      child.kill('SIGINT')
      throw new Error(`The embedded database in ${cluster.home} did not start in time:\n${output}`)
    }
    await sleep(20)
  }
  if (/lock file .* already exists|shared memory block|in use/.test(output)) return undefined
  throw new Error(`The embedded database in ${cluster.home} did not start:\n${output}`)
}

function spawnServer(cluster: Cluster, port: number, settings: Record<string, string>) {
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(cluster.program('postgres'), ['-D', cluster.data, '-p', String(port), ...options], {
    ...cluster.account,
    cwd: cluster.home,
    env: { ...process.env, LC_ALL: 'C' },
    detached: true, // Ctrl-C reaches only Node, which stops the database after its own last query
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.unref()
  const stderr = child.stderr as Socket
  stderr.unref()
  return child
}

function isRunning(child: ChildProcess) {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

/** Stops the server within 15 seconds; otherwise at once, and it recovers at the next start. */
export async function shutDown(cluster: Cluster) {
  const stop = (mode: string, seconds: number) =>
    run(cluster.program('pg_ctl'), ['stop', '-D', cluster.data, '-m', mode, '-t', String(seconds), '-s'], {
      ...cluster.account,
      cwd: cluster.home,
    })
  await stop('fast', 15).catch(() => readPidFile(cluster) && stop('immediate', 5))
}

function readPidFile({ data }: Cluster): { pid: number; port: number } | undefined {
  const file = join(data, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]) }
}

/**
 * After a crash the file may name a process that is now something else, and PostgreSQL would refuse to start. A
 * server's working directory is its data folder, as /proc shows; without /proc the file stays.
 */
function dropStalePidFile(cluster: Cluster) {
  const running = readPidFile(cluster)
  if (!running || !existsSync('/proc/self/cwd') || !isAlive(running.pid)) return
  try {
    if (readlinkSync(`/proc/${running.pid}/cwd`) === realpathSync(cluster.data)) return
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return
  }
  if (readPidFile(cluster)?.pid === running.pid) rmSync(join(cluster.data, 'postmaster.pid'))
}
