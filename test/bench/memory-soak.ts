import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { startServer } from '../support/running-server.ts'
import { HttpClient } from '../support/http-client.ts'
import { startBare } from './bare.ts'
import { under } from './load.ts'
import { median, say, sayTable } from './numbers.ts'
import { seedCompany, settings, withOwnDatabase } from './own-database.ts'
import type { Target } from './targets.ts'

const sizes = { starts: 5, seconds: 300 }
export const memorySoak = { sizes, measure }

/** How soon the server answers after it was started, beside a bare Express; and what memory it holds, idle and under load. */
function measure({ starts, seconds }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers: 1_000, events: 1_000 })
    const env = { ...settings, DATABASE_URL: ways.app, DATABASE_OWNER_URL: ways.owner, DEMO: 'off' }
    const [ours, bare]: [number[], number[]] = [[], []]
    for (let i = 0; i <= starts; i++) {
      const [took, limit] = [await startOnce(env), await startBareOnce()]
      if (i > 0) (ours.push(took), bare.push(limit))
    }
    const memory = await heldUnderLoad(env, seconds)
    sayTable([
      { start: 'Fieldkey', 'ms until it answers': median(ours) },
      { start: 'bare Express', 'ms until it answers': median(bare) },
    ])
    say(
      `\nmemory in MB, idle and then each twelfth of ${seconds} s under load: ${memory.map(Math.round).join(', ')}`,
    )
    return { starts: { ours, bare }, memory, targets: targetsOf(median(ours) / median(bare), memory) }
  })
}

async function startOnce(env: Record<string, string>): Promise<number> {
  const began = performance.now()
  const server = await startServer(env)
  const took = performance.now() - began
  server.kill('SIGTERM')
  await server.ended
  return took
}

async function startBareOnce(): Promise<number> {
  const began = performance.now()
  const bare = await startBare(5_000)
  const took = performance.now() - began
  bare.stop()
  return took
}

async function heldUnderLoad(env: Record<string, string>, seconds: number): Promise<number[]> {
  const server = await startServer(env)
  const here = server.address.replace('localhost', '127.0.0.1')
  await sleep(5_000)
  const held = () =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024
  const memory = [held()]
  const cookie = (await new HttpClient(here).signIn('admin@demo.test', demoPassword)).cookies()
  const pages = ['/account', '/fieldworkers', '/activity-log', '/sign-in']
  for (let slice = 0; slice < 12; slice++) {
    for (const page of pages)
      await under(8, seconds / 12 / pages.length, {
        address: `${here}${page}`,
        cookie: page === '/sign-in' ? '' : cookie,
      })
    memory.push(held())
  }
  server.kill('SIGTERM')
  await server.ended
  return memory
}

/** A trend is what the second half of the time holds more than the first. */
function targetsOf(start: number, [idle = NaN, ...loaded]: number[]): Target[] {
  const half = loaded.length / 2
  const growth = median(loaded.slice(half)) - median(loaded.slice(0, half))
  return [
    { work: 'ready after start', beside: 'bare Express', measured: start, unit: '×', atMost: 3 },
    { work: 'memory, idle', beside: '', measured: idle, unit: 'MB', atMost: 180 },
    { work: 'memory, after the load', beside: '', measured: loaded.at(-1) ?? NaN, unit: 'MB', atMost: 180 },
    {
      work: 'memory, second half of the load',
      beside: 'the first half',
      measured: growth,
      unit: 'MB',
      atMost: 10,
    },
  ]
}
