import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkChain } from '../../src/activity/chain/check.ts'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db, many, sql } from '../../src/platform/db.ts'
import { KillablePostgres } from '../support/killable-postgres.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'
import { HttpClient } from '../support/http-client.ts'

const postgres = new KillablePostgres()
let server: RunningServer
let readers: HttpClient[]
let writer: HttpClient
let token: string

beforeAll(async () => {
  await postgres.start()
  const settings = { SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06', DEMO: 'on' }
  server = await startServer({ ...postgres.settings, ...settings })
  const comeIn = () => new HttpClient(server.address).signIn('admin@demo.test', demoPassword)
  readers = [await comeIn(), await comeIn(), await comeIn()]
  writer = await comeIn()
  token = await writer.token('/settings/company/teams')
})
afterAll(async () => {
  server.kill('SIGTERM')
  await server.ended
  await postgres.stop()
})

interface Answer {
  status: number
  retryAfter: string | undefined
  text: string
}
type Get = { status: number; headers: Record<string, string>; text: string }
const told = ({ status, headers, text }: Get): Answer => ({
  status,
  retryAfter: headers['retry-after'],
  text,
})

let teams = 0
/** People read and the office works while something happens to the database. */
async function meanwhile(fault: () => Promise<void>) {
  const [answers, done]: [Answer[], string[]] = [[], []]
  let over = false
  const reading = readers.map(async (client) => {
    while (!over) answers.push(told(await client.get('/fieldworkers')))
  })
  const working = (async () => {
    while (!over) {
      const name = `Crew ${++teams}`
      const answer = told(await writer.postBare('/settings/company/teams', { _csrf: token, name }))
      answers.push(answer)
      if (answer.status === 303) done.push(name)
    }
  })()
  await sleep(500)
  await fault()
  const back = Date.now()
  while ((await readers[0]?.get('/fieldworkers'))?.status !== 200 && Date.now() - back < 30_000)
    await sleep(100)
  const seconds = (Date.now() - back) / 1_000
  over = true
  await Promise.all([...reading, working])
  return { answers, done, seconds }
}

const faults: [string, () => Promise<void>][] = [
  ['is restarted', () => postgres.restart()],
  ['is killed, and away for two seconds', () => postgres.crash()],
  ['refuses connections for eight seconds', () => postgres.crash(8_000)],
  ['stands still for eight seconds', () => postgres.pause(8_000)],
]

describe.each(faults)('while the database %s', (_, fault) => {
  test('there is a clear page and no crash, it recovers within five seconds, and nothing that was answered as done is lost', async () => {
    const pid = server.pid
    const { answers, done, seconds } = await meanwhile(fault)
    const other = answers.filter(({ status }) => ![200, 303, 503].includes(status))
    expect(other).toEqual([])
    const away = answers.filter(({ status }) => status === 503)
    expect(away.length).toBeGreaterThan(0)
    for (const { retryAfter, text } of away) {
      expect(retryAfter).toBe('5')
      expect(text).toContain('Fieldkey cannot reach its database')
    }
    expect(seconds).toBeLessThan(5)
    expect(() => process.kill(pid, 0)).not.toThrow()
    expect(done.length).toBeGreaterThan(0)

    const db = new Db(postgres.connectionString, { statement_timeout: 0 })
    const kept = await many(
      db,
      z.object({ name: z.string() }),
      sql`select name from teams where name = any(${done}::text[])`,
    )
    expect(done.length - kept.length).toBe(0)
    expect((await checkChain(db)).fault).toBeNull()
    await db.close()
  })
})
