import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { createApp } from '../../src/app.ts'
import { demoPassword } from '../../src/demo/company.ts'
import { Db, one, sql } from '../../src/foundation/db.ts'
import { startIn, type Ways } from '../support/test-server.ts'
import { Visitor } from '../support/visitor.ts'
import { say, sayTable } from './numbers.ts'
import { configFor, seedCompany, settings, withOwnDatabase } from './own-database.ts'

const sizes = { letters: 3_000, workers: 1 }
export const campaignLetters = { sizes, measure }

/** The letters of a campaign without a limit to their rate, from workers in processes of their own into a sink on loopback. */
function measure({ letters, workers }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers: letters, events: 0 })
    const sink = fork(fileURLToPath(new URL('./mail-sink.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
    })
    const [port] = (await once(sink, 'message')) as [number]
    const db = new Db(ways.app)
    const senders: ChildProcess[] = []
    try {
      const people = await startCampaign(ways, db)
      for (let i = 0; i < workers; i++) senders.push(startSender(ways, port))
      await finished(db)
      return await tell(db, sink, people, senders.map(cpuSeconds))
    } finally {
      for (const sender of senders) sender.kill('SIGKILL')
      sink.kill('SIGKILL')
      await db.close()
    }
  }, startCarefulServer)
}

/** On disk, and as sure of what it wrote as a server that is not for tests. */
const startCarefulServer = () =>
  startIn(tmpdir(), { fsync: 'on', synchronous_commit: 'on', max_connections: '200' })

async function startCampaign(ways: Ways, db: Db): Promise<number> {
  const admin = new Visitor(createApp({ db, config: configFor(ways) }))
  await admin.signIn('admin@demo.test', demoPassword)
  const page = '/campaigns/new?all=1'
  const { text } = await admin.get(page)
  const people = Number(/type (\d+) to show/.exec(text)?.[1])
  const cannedResponseId = /<option value="([^"]+)"/.exec(text)?.[1] ?? ''
  const form = { all: '1', cannedResponseId, lettersPerSecond: '1000', count: String(people) }
  const { status } = await admin.post('/campaigns', form, page)
  if (status !== 303) throw new Error(`The campaign was not started: ${status}`)
  return people
}

const startSender = ({ app }: Ways, port: number) =>
  fork(fileURLToPath(new URL('../../src/commands/worker.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: {
      ...{ PATH: process.env.PATH, DATABASE_URL: app, SESSION_SECRET: settings.SESSION_SECRET },
      ...{ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'fieldkey@demo.test' },
    },
    silent: true,
  })

async function finished(db: Db): Promise<void> {
  const row = z.object({ status: z.string() })
  while ((await one(db, row, sql`select status from campaigns`)).status !== 'finished') await sleep(200)
}

/** What a process has used of a processor so far; not known but on Linux. On a busy machine it says more than the clock. */
function cpuSeconds({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return NaN
  }
}

async function tell(db: Db, sink: ChildProcess, people: number, cpu: number[]) {
  sink.send('tell')
  const [found] = (await once(sink, 'message')) as [{ letters: number; people: number; ms: number }]
  const { sent } = await one(
    db,
    z.object({ sent: z.coerce.number() }),
    sql`select count(*) as sent from campaign_people where state = 'sent'`,
  )
  const perSecond = (found.letters / found.ms) * 1000
  sayTable([
    {
      letters: found.letters,
      people: found.people,
      'sent, says the page': sent,
      seconds: found.ms / 1000,
      'letters per second': perSecond,
    },
  ])
  const spent = cpu.reduce((sum, each) => sum + each, 0)
  say(
    `\n${((spent / found.letters) * 1000).toFixed(2)} ms of a processor a letter in the workers, their start included`,
  )
  say(`of ${people} people each got ${(found.letters / people).toFixed(2)} letters`)
  return { ...found, sent, perSecond, cpu: spent }
}
