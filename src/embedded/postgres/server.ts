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

/** The server that is already running on this cluster: one that a killed Fieldkey left, or another Fieldkey's. */
export async function attach(cluster: Cluster): Promise<SharedLock | undefined> {
  const running = readPidFile(cluster)
  return running && (await connect(cluster, running.port))
}

/** Starts a server; undefined when another start was quicker, and there is one to adopt. */
export async function launch(
  cluster: Cluster,
  wanted: Launch,
  deadline: number,
): Promise<SharedLock | undefined> {
  dropStalePidFile(cluster)
  const port = await freePort(wanted.port)
  const child = spawnServer(cluster, port, wanted.settings)
  let said = ''
  child.on('error', (error) => (said += error.message))
  child.stderr?.on('data', (bytes: Buffer) => {
    said = (said + String(bytes)).slice(-4000)
    wanted.log(String(bytes).trimEnd())
  })
  while (isRunning(child)) {
    const guest = await connect(cluster, port)
    if (guest) return guest
    if (Date.now() > deadline) {
      child.kill('SIGINT')
      throw new Error(`The embedded database in ${cluster.home} did not start in time:\n${said}`)
    }
    await sleep(20)
  }
  if (/lock file .* already exists|shared memory block|in use/.test(said)) return undefined
  throw new Error(`The embedded database in ${cluster.home} did not start:\n${said}`)
}

function spawnServer(cluster: Cluster, port: number, settings: Record<string, string>) {
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawn(cluster.program('postgres'), ['-D', cluster.data, '-p', String(port), ...options], {
    ...cluster.account,
    cwd: cluster.home,
    env: { ...process.env, LC_ALL: 'C' },
    detached: true, // Ctrl-C reaches Node alone, which stops the database after its own last query
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

/** Ends the server in order, within 15 seconds, and failing that at once (it then recovers at the next start). */
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
 * After a crash the file may name a process that is something else by now, and Postgres would refuse to start.
 * A server's working directory is its data folder, which /proc tells; elsewhere the file is left alone.
 */
function dropStalePidFile(cluster: Cluster) {
  const left = readPidFile(cluster)
  if (!left || !existsSync('/proc/self/cwd') || !isAlive(left.pid)) return
  try {
    if (readlinkSync(`/proc/${left.pid}/cwd`) === realpathSync(cluster.data)) return
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return
  }
  if (readPidFile(cluster)?.pid === left.pid) rmSync(join(cluster.data, 'postmaster.pid'))
}
