import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort } from '../../src/embedded/postgres/port.ts'
import { ownerOf, testDatabase } from '../support/database.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'

const database = testDatabase()
const metricsToken = 'of Prometheus alone: 41c8d07b9e26'
const settings = () => ({
  ...{ DATABASE_URL: database, DATABASE_OWNER_URL: ownerOf(database), DEMO: 'off' },
  ...{ SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06', METRICS_TOKEN: metricsToken },
})

/** Loaded into the process before anything of ours: a signal then does what a forgotten handler would. */
const planted = (code: string) => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${code} })`)}`,
})

describe('a fault that nobody handles does not end the server', { timeout: 60_000 }, () => {
  let server: RunningServer
  beforeAll(async () => {
    const faults = `
      setImmediate(() => { throw new Error('planted exception') })
      Promise.reject(new Error('planted rejection'))
      Promise.reject('planted words')`
    server = await startServer({ ...settings(), ...planted(faults) })
  }, 60_000)
  afterAll(async () => {
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })

  test('it is logged, and counted (fault 1)', async () => {
    const counted = async () => {
      const headers = { authorization: `Bearer ${metricsToken}` }
      const metrics = await (await fetch(`${server.address}/metrics`, { headers })).text()
      return Number(/^fieldkey_unhandled_faults_total (\d+)$/m.exec(metrics)?.[1])
    }
    expect(await counted()).toBe(0)
    server.kill('SIGUSR2')
    await vi.waitFor(() => expect(server.output()).toContain('planted words'), 10_000)
    const logged = server
      .output()
      .split('\n')
      .filter((line) => line.includes('planted'))
    expect(logged.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual([
      'error',
      'error',
      'error',
    ])
    expect(logged.join()).toContain('planted exception')
    expect(logged.join()).toContain('planted rejection')
    expect((await fetch(`${server.address}/sign-in`)).status).toBe(200)
    expect(await counted()).toBe(3)
  })
})

test('a fault while it starts does end it (fault 1)', async () => {
  const wrong = { ...settings(), DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/none' }
  await expect(startServer(wrong)).rejects.toThrow('The server ended with 1')
})

test.runIf(platform() === 'linux')(
  'a log that can be written no more, on a full disk, does not end it either (fault 1)',
  { timeout: 60_000 },
  async () => {
    const port = await freePort(0)
    const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-full-'))
    const full = openSync('/dev/full', 'w')
    const server = spawn(process.execPath, ['--import', './src/typescript.js', 'src/server.ts'], {
      env: { PATH: process.env.PATH, ...settings(), PORT: String(port), DATA_DIR: folder },
      stdio: ['ignore', full, 'ignore'],
    })
    const ended = once(server, 'exit')
    const answers = () => fetch(`http://127.0.0.1:${port}/sign-in`).then(({ status }) => status)
    await vi.waitFor(async () => expect(await answers()).toBe(200), 30_000)
    for (let i = 0; i < 20; i++) expect(await answers()).toBe(200)
    expect(server.exitCode).toBeNull()
    server.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
    rmSync(folder, { recursive: true })
  },
)
