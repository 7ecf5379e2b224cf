import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { checkChain } from '../../src/activity/chain/check.ts'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db, many, one, run, sql } from '../../src/platform/db.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import { KillablePostgres } from '../support/killable-postgres.ts'
import { startServer, startWorkerAlone, type RunningServer } from '../support/running-server.ts'
import { HttpClient } from '../support/http-client.ts'

const postgres = new KillablePostgres()
let mailbox: Mailbox
let db: Db
let settings: Record<string, string>
let apps: [RunningServer, RunningServer]
let workers: ReturnType<typeof startWorkerAlone>[]

beforeAll(async () => {
  await postgres.start()
  mailbox = await openMailbox()
  db = new Db(postgres.connectionString, { statement_timeout: 0 })
  const ours = { SESSION_SECRET: 'for tests alone: 7f3a9c51e2b84d06', DEMO: 'on', WORKER: 'off' }
  settings = { ...postgres.settings, ...ours, SMTP_URL: mailbox.url, MAIL_FROM: 'fieldkey@demo.test' }
  apps = [await startServer(settings), await startServer(settings)]
  workers = [startWorkerAlone(settings), startWorkerAlone(settings)]
})
afterAll(async () => {
  for (const one of [...apps, ...workers]) one.kill('SIGTERM')
  await Promise.all([...apps, ...workers].map(({ ended }) => ended))
  await mailbox.close()
  await db.close()
  await postgres.stop()
})

/** By the number that cookies are kept for. */
const at = (expressApp: 0 | 1) => new HttpClient(apps[expressApp].address.replace('localhost', '127.0.0.1'))
const admin = (expressApp: 0 | 1 = 0) => at(expressApp).signIn('admin@demo.test', demoPassword)

interface Answer {
  status: number
  location: string
}
/** One request on a connection of its own, as a proxy in front makes it. */
function ask(address: string, cookie: string, body?: URLSearchParams): Promise<Answer> {
  const form = body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
  return new Promise((resolve, reject) => {
    const request = http.request(
      address,
      { method: body ? 'POST' : 'GET', headers: { cookie, ...form }, agent: false },
      (answer) => {
        answer.resume()
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '' }),
        )
        answer.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body?.toString())
  })
}

describe('two servers and two workers on one database', () => {
  test('share sessions: begun at one it is good at the other, and ended at one it is ended at the other', async () => {
    const visitor = await at(0).signIn('worker6@demo.test', demoPassword)
    const there = () => ask(`${apps[1].address}/account`, visitor.cookies())
    expect((await there()).status).toBe(200)
    await visitor.post('/sign-out', {}, '/account')
    expect((await there()).location).toBe('/sign-in?next=%2Faccount')
  })

  test('share limits: wrong passwords at one are counted at the other', async () => {
    for (let tries = 0; tries < 5; tries++)
      await at((tries % 2) as 0 | 1).post('/sign-in', { email: 'worker7@demo.test', password: 'wrong' })
    for (const expressApp of [0, 1] as const)
      expect(
        (await at(expressApp).post('/sign-in', { email: 'worker7@demo.test', password: demoPassword }))
          .status,
      ).toBe(429)
  })

  test('share links: asked for at one, mailed by a worker, used at the other, and invalid at both', async () => {
    await at(0).post('/forgot-password', { email: 'worker8@demo.test' })
    const mail = await vi.waitFor(() => {
      const found = mailbox.mails.find(({ text }) => text?.includes('/reset-password/'))
      if (!found) throw new Error('No mail yet')
      return found
    }, 20_000)
    const path = new URL(/http\S+\/reset-password\/\S+/.exec(mail.text ?? '')?.[0] ?? 'http://no.link')
      .pathname
    const visitor = at(1)
    await visitor.get(path)
    const choice = { newPassword: 'violin trunk harvest 58', confirmPassword: 'violin trunk harvest 58' }
    expect((await visitor.post('/reset-password', choice)).status).toBe(303)
    for (const expressApp of [0, 1] as const)
      expect((await ask(apps[expressApp].address + path, '')).status).not.toBe(303)
  })

  test(
    'lose nothing when any one of them is killed while a campaign is under way',
    { timeout: 180_000 },
    async () => {
      const people = 400
      await run(
        db,
        sql`insert into users (name, email, role_id, status, email_verified_at)
          select 'Season ' || i, 'season' || i || '@firm.test', (select id from roles where name = 'Fieldworker'), 'active', now()
          from generate_series(1, ${people}::int) i`,
      )
      const office = await admin()
      const page = '/campaigns/new?all=1&q=season'
      const cannedResponseId = /<option value="([^"]+)"/.exec((await office.get(page)).text)?.[1] ?? ''
      const form = { cannedResponseId, all: '1', q: 'season', emailsPerSecond: '40', count: String(people) }
      const { location } = (await office.post('/campaigns', form, page)).headers as { location: string }
      const toSeason = () => mailbox.mails.filter(({ text }) => text?.includes('Season')).length
      const sent = (share: number) =>
        vi.waitFor(() => expect(toSeason()).toBeGreaterThan(people * share), 60_000)

      await sent(0.1)
      workers[0]?.kill('SIGKILL')
      await sent(0.3)
      workers.push(startWorkerAlone(settings))
      apps[0].kill('SIGKILL')
      await apps[0].ended
      await sent(0.5)
      workers[1]?.kill('SIGKILL')
      await sent(0.9)
      apps[0] = await startServer(settings)

      const state = z.object({ state: z.string(), count: z.coerce.number() })
      const id = location.split('/').at(-1)
      await vi.waitFor(async () => {
        const states = await many(
          db,
          state,
          sql`select state, count(*) from campaign_people where campaign_id = ${id} group by 1`,
        )
        expect(states).toEqual([{ state: 'sent', count: people }])
      }, 60_000)
      const links = mailbox.mails.map(({ to, text }) => [
        to && !Array.isArray(to) ? to.value[0]?.address : '',
        /\S+\/reset-password\/\S+/.exec(text ?? '')?.[0],
      ])
      const season = links.filter(([to]) => to?.startsWith('season'))
      expect(new Set(season.map(([to]) => to)).size).toBe(people)
      expect(new Set(season.map(([, link]) => link)).size).toBe(people) // a person who got two got the same link
      expect((await checkChain(db)).fault).toBeNull()
    },
  )

  test(
    'are restarted one after the other while people work, who lose no more than the system had not handed over yet',
    { timeout: 120_000 },
    async () => {
      const office = await admin(1)
      const token = await office.token('/settings/company/teams')
      const cookie = office.cookies()
      const { answers, done, lost } = await underLoad(cookie, token, async () => {
        for (const expressApp of [0, 1] as const) {
          const { port } = new URL(apps[expressApp].address)
          apps[expressApp].kill('SIGTERM')
          expect(await apps[expressApp].ended).toBe(0)
          apps[expressApp] = await startServer({ ...settings, PORT: port })
          await sleep(1_000)
        }
      })
      expect(lost.length).toBeLessThanOrEqual(2 * clients) // taken by the system, and never by the server that closed
      expect(answers.filter(({ status }) => status !== 200 && status !== 303)).toEqual([])
      expect(await missing(done)).toBe(0)
    },
  )

  test(
    'killed under load lose the requests in flight there, and no action that was answered',
    { timeout: 120_000 },
    async () => {
      const office = await admin(1)
      const token = await office.token('/settings/company/teams')
      const { answers, done, lost } = await underLoad(office.cookies(), token, async () => {
        const { port } = new URL(apps[0].address)
        apps[0].kill('SIGKILL')
        await apps[0].ended
        apps[0] = await startServer({ ...settings, PORT: port })
        await sleep(1_000)
      })
      expect(lost.length).toBeLessThanOrEqual(clients)
      expect(answers.filter(({ status }) => status !== 200 && status !== 303)).toEqual([])
      expect(await missing(done)).toBe(0)
    },
  )
})

const clients = 4
let teams = 0

/** People behind a proxy that goes to the next server where one is not there, and sends nothing twice. */
async function underLoad(cookie: string, _csrf: string, fault: () => Promise<void>) {
  const [answers, done, lost]: [Answer[], string[], string[]] = [[], [], []]
  let over = false
  let turn = 0
  const throughProxy = async (path: string, body?: URLSearchParams) => {
    const first = turn++ % 2
    for (const expressApp of [first, 1 - first] as (0 | 1)[]) {
      try {
        return await ask(apps[expressApp].address + path, cookie, body)
      } catch (error) {
        if ((error as { code?: string }).code === 'ECONNREFUSED') continue
        lost.push(`${path}: ${(error as Error).message}`)
        return undefined
      }
    }
    lost.push(`${path}: nobody is there`)
    return undefined
  }
  const client = async (works: boolean) => {
    while (!over) {
      const name = `Crew ${++teams}`
      const answer = works
        ? await throughProxy('/settings/company/teams', new URLSearchParams({ _csrf, name }))
        : await throughProxy('/fieldworkers')
      if (answer) answers.push(answer)
      if (works && answer?.status === 303) done.push(name)
    }
  }
  const all = Array.from({ length: clients }, (_, i) => client(i === 0))
  await sleep(500)
  await fault()
  over = true
  await Promise.all(all)
  expect(done.length).toBeGreaterThan(0)
  return { answers, done, lost }
}

async function missing(done: string[]): Promise<number> {
  const row = z.object({ kept: z.coerce.number() })
  return (
    done.length -
    (await one(db, row, sql`select count(*) as kept from teams where name = any(${done}::text[])`)).kept
  )
}
