import { readFileSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { checkChain } from '../../src/activity/chain/check.ts'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db, many, run, sql } from '../../src/platform/db.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/embedded/embedded-postgres.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import { startServer, type RunningServer } from '../support/running-server.ts'
import { makeTestFolder } from '../support/test-server.ts'
import { HttpClient, textOf } from '../support/http-client.ts'

const people = Number(process.env.PEOPLE ?? 2_000)
const atOnce = 16 // in the two jobs of a process: so many emails at most have no answer written down when it is killed
const careful = { fsync: 'on', synchronous_commit: 'on', max_connections: '100' }
const folder = makeTestFolder(tmpdir())

let postgres: EmbeddedPostgres
let server: RunningServer
let mailbox: Mailbox
const boxes: Mailbox[] = []

const startPostgres = async (port = 0) =>
  (postgres = await startEmbeddedPostgres({ folder, port, settings: careful }))
const startApp = async () =>
  (server = await startServer({
    ...{
      DATABASE_URL: postgres.connectionString,
      DATABASE_OWNER_URL: postgres.ownerConnectionString,
      DEMO: 'on',
    },
    ...{
      SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06',
      SMTP_URL: mailbox.url,
      MAIL_FROM: 'fieldkey@demo.test',
    },
  }))
const openBox = async (port = 0) => {
  mailbox = await openMailbox(port)
  mailbox.judge = (to) =>
    Number(/\d+/.exec(to)?.[0]) % 50 === 0 ? { code: 550, words: '5.1.1 no such mailbox' } : undefined
  boxes.push(mailbox)
}

beforeAll(async () => {
  await startPostgres()
  await openBox()
  await startApp()
})
afterAll(async () => {
  server.kill('SIGTERM')
  await server.ended
  await mailbox.close()
  await postgres.stop()
})

const accepted = () => boxes.flatMap(({ mails }) => mails)
const port = (url: string) => Number(new URL(url).port)

/** As by a power cut: nothing is told to anybody, nothing is finished. */
async function killApp() {
  server.kill('SIGKILL')
  await server.ended
  await startApp()
}

async function crashPostgres() {
  const at = port(postgres.connectionString)
  const file = readdirSync(postgres.home, { recursive: true })
    .map(String)
    .find((name) => name.endsWith('postmaster.pid'))
  const pid = Number(readFileSync(path.join(postgres.home, file ?? ''), 'utf8').split('\n')[0])
  process.kill(pid, 'SIGQUIT') // an immediate shutdown: it recovers from its log when it starts again
  while (isAlive(pid)) await sleep(100)
  await sleep(2_000)
  await startPostgres(at)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function mailServerAway() {
  await mailbox.close()
  await sleep(10_000)
  await openBox(port(mailbox.url))
}

async function office() {
  const client = new HttpClient(server.address)
  await client.signIn('admin@demo.test', demoPassword)
  return client
}

async function startCampaign(): Promise<string> {
  const db = new Db(postgres.connectionString)
  await run(
    db,
    sql`insert into users (name, email, role_id, status, email_verified_at)
        select 'Season ' || i, 'season' || i || '@firm.test', (select id from roles where name = 'Fieldworker'), 'inactive', now()
        from generate_series(1, ${people}::int) i`,
  )
  await db.close()
  const client = await office()
  const back = await client.post(
    '/fieldworkers/bulk',
    { action: 'activate', all: '1', q: 'season' },
    '/fieldworkers',
  )
  expect(back.status).toBe(303)
  expect((await client.get('/account')).text).toContain(`${people.toLocaleString('en')} activated`)
  const page = '/campaigns/new?all=1&q=season'
  const cannedResponseId = /<option value="([^"]+)"/.exec((await client.get(page)).text)?.[1] ?? ''
  const form = { cannedResponseId, all: '1', q: 'season', emailsPerSecond: '200', count: String(people) }
  return String((await client.post('/campaigns', form, page)).headers.location)
}

test('a season: everybody is sent their email or told failed, and nobody gets two but where an answer was lost', async () => {
  const address = await startCampaign()
  const faults: [number, () => Promise<void>][] = [
    [0.1, killApp],
    [0.3, crashPostgres],
    [0.5, mailServerAway],
    [0.65, killApp],
    [0.8, killApp],
  ]
  for (const [share, fault] of faults) {
    await expect.poll(() => accepted().length, { timeout: 180_000 }).toBeGreaterThan(people * share)
    await fault()
  }
  const client = await office()
  await expect
    .poll(async () => textOf((await client.get(address)).text), { timeout: 300_000, interval: 500 })
    .toContain('All emails have been sent')

  const links = new Map<string, string[]>()
  for (const { to, text } of accepted()) {
    const email = to && !Array.isArray(to) ? (to.value[0]?.address ?? '') : ''
    if (email.startsWith('season'))
      links.set(email, [
        ...(links.get(email) ?? []),
        /\S+\/reset-password\/\S+/.exec(text ?? '')?.[0] ?? 'none',
      ])
  }
  const twice = [...links].filter(([, all]) => all.length > 1)
  process.stdout.write(`${accepted().length} emails to ${links.size} people, ${twice.length} of them twice\n`)
  expect(twice.filter(([, all]) => new Set(all).size > 1)).toEqual([])
  expect(twice.length).toBeLessThanOrEqual((faults.length - 1) * atOnce) // a database that is away loses no answer
  const refused = Math.floor(people / 50)
  expect(links.size).toBe(people - refused)

  expect(textOf((await client.get(address)).text)).toContain(
    `0 changed 0 opened ${people - refused} sent 0 queued ${refused} failed`,
  )
  const db = new Db(postgres.connectionString, { statement_timeout: 0 })
  const told = await many(
    db,
    z.object({ answer: z.string() }),
    sql`select distinct answer from campaign_people where state = 'failed'`,
  )
  expect(told).toEqual([{ answer: expect.stringContaining('550 5.1.1 no such mailbox') as string }])
  expect((await checkChain(db)).fault).toBeNull()
  await db.close()
})
