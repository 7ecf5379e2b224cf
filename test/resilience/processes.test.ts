import { readFileSync, readdirSync } from 'node:fs'
import { platform } from 'node:os'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { ownerOf, testDatabase } from '../support/database.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'
import { HttpClient } from '../support/http-client.ts'

const database = testDatabase()
let server: RunningServer

/** The processes that answer: alike children of the one that was started. */
const answering = () => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && answers(pid))

function answers(pid: string): boolean {
  try {
    const parent = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
    return parent === server.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('src/run.js')
  } catch {
    return false // ended meanwhile
  }
}

const token = 'of Prometheus alone: 41c8d07b9e26'

describe.runIf(platform() === 'linux')('with WEB_CONCURRENCY=2', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    server = await startServer({
      ...{ DATABASE_URL: database, DATABASE_OWNER_URL: ownerOf(database), DEMO: 'on' },
      ...{ SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06', WEB_CONCURRENCY: '2' },
      METRICS_TOKEN: token,
    })
  }, 120_000)
  afterAll(() => server.kill('SIGKILL'))

  test('two processes answer at one address, and a person signed in at one is known to the other', async () => {
    expect(answering()).toHaveLength(2)
    const admin = await new HttpClient(server.address).signIn('admin@demo.test', demoPassword)
    await Promise.all(Array.from({ length: 30 }, () => admin.get('/account').expect(200)))
  })

  test('whichever is asked for metrics tells those of both', async () => {
    const once = { headers: { authorization: `Bearer ${token}`, connection: 'close' } }
    await Promise.all(Array.from({ length: 60 }, () => fetch(`${server.address}/readyz`, once)))
    for (let i = 0; i < 6; i++) {
      const answer = await fetch(`${server.address}/metrics`, once)
      expect(await answer.text()).toMatch(/_count\{method="GET",route="\/readyz",status="200"\} 60$/m)
    }
  })

  test('when one is killed, the other goes on, and a new one takes its place', async () => {
    const [first = '', second = ''] = answering()
    process.kill(Number(first), 'SIGKILL')
    await vi.waitFor(() => expect(server.output()).toContain('a web process has ended'), 10_000)
    expect(answering()).toEqual([second])
    await new HttpClient(server.address).get('/sign-in').expect(200)
    await vi.waitFor(() => expect(answering()).toHaveLength(2), 20_000)
  })

  test('all of them end when the first is asked to', async () => {
    const all = answering()
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    expect(all.filter(answers)).toEqual([])
  })
})
