import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded/embedded-postgres.ts'
import { makeTestFolder } from './test-server.ts'

/** As in production: nothing that was confirmed may be lost. */
const careful = { fsync: 'on', synchronous_commit: 'on', max_connections: '100' }

/** A PostgreSQL that tests crash, restart and pause. */
export class KillablePostgres {
  readonly #folder = makeTestFolder(tmpdir())
  #running!: EmbeddedPostgres
  #port = 0

  async start(): Promise<this> {
    this.#running = await startEmbeddedPostgres({ folder: this.#folder, port: this.#port, settings: careful })
    this.#port = Number(new URL(this.connectionString).port)
    return this
  }

  get connectionString() {
    return this.#running.connectionString
  }

  /** What a server needs to use it. */
  get settings() {
    return { DATABASE_URL: this.connectionString, DATABASE_OWNER_URL: this.#running.ownerConnectionString }
  }

  /** Crashes like a power cut and stays off for a while; it recovers from its log at the next start. */
  crash = (off = 2_000) => this.#end('SIGQUIT', off)

  /** Restarts in order; all connections are closed. */
  restart = () => this.#end('SIGINT', 0)

  /** Pauses all its processes: reachable, but silent. */
  async pause(still: number) {
    const all = [this.#pid(), ...childrenOf(this.#pid())]
    for (const pid of all) process.kill(pid, 'SIGSTOP')
    await sleep(still)
    for (const pid of all) process.kill(pid, 'SIGCONT')
  }

  stop = () => this.#running.stop()

  async #end(signal: NodeJS.Signals, off: number) {
    const pid = this.#pid()
    process.kill(pid, signal)
    while (isAlive(pid)) await sleep(50)
    await sleep(off)
    await this.start()
  }

  #pid(): number {
    const { home } = this.#running
    const file = readdirSync(home, { recursive: true })
      .map(String)
      .find((name) => name.endsWith('postmaster.pid'))
    return Number(readFileSync(path.join(home, file ?? ''), 'utf8').split('\n')[0])
  }
}

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
