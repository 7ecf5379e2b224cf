import { fork } from 'node:child_process'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db, one, sql } from '../../src/platform/db.ts'
import { renderEmail } from '../../src/platform/email/render.ts'
import { smtp } from '../../src/platform/email/transport.ts'
import { emailTemplates } from '../../src/email-templates.ts'
import { startServer } from '../support/running-server.ts'
import { startIn, type Ways } from '../support/test-server.ts'
import { HttpClient } from '../support/http-client.ts'
import { cpuSeconds, databaseCpuSeconds } from './cpu.ts'
import { quantile, say, sayTable } from './numbers.ts'
import { seedCompany, settings, withOwnDatabase } from './own-database.ts'
import { Sink } from './sink.ts'
import type { Target } from './targets.ts'

const sizes = { emails: 3_000, workers: 0 }
export const campaignEmails = { sizes, measure }

type Cpu = Record<'sender' | 'sink' | 'database', number>

const from = 'fieldkey@demo.test'
const atOnce = 16

/**
 * The emails of a campaign without a limit to their rate, into a sink on loopback, while somebody opens pages: from
 * the server itself, or from so many workers in processes of their own. Next to it, what one fixed email does there.
 */
function measure({ emails, workers }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers: emails, events: 0 })
    const sink = await Sink.open()
    const db = new Db(ways.app)
    try {
      const limit = await sendFixedEmail(sink, emails)
      const campaign = await campaignOf(ways, db, sink, workers)
      tell(limit, campaign)
      const ratio = campaign.perSecond / limit.perSecond
      return { limit, ...campaign, ratio, targets: targetsOf(ratio) }
    } finally {
      sink.close()
      await db.close()
    }
  }, startCarefulServer)
}

/** On disk, and as sure of what it wrote as a server that is not for tests. */
const startCarefulServer = () =>
  startIn(tmpdir(), { fsync: 'on', synchronous_commit: 'on', max_connections: '200' })

/** What composing and handing over costs by itself: the same email again and again, from this process. */
async function sendFixedEmail(sink: Sink, emails: number) {
  const transport = smtp(sink.url, from)
  const company = { name: 'Demo Field Services', timeZone: 'UTC', officePhone: null }
  const data = {
    name: 'Ada Brandt',
    subject: 'Ready for the season',
    body: fixedBody,
    expiresIn: '60 minutes',
  }
  const link = `http://localhost:3000/reset-password/${'a'.repeat(43)}`
  const written = renderEmail(emailTemplates, 'canned_response', data, { company, baseUrl: '', link })
  let left = emails
  const [own, its] = [cpuSeconds(process.pid), sink.cpu]
  const send = async () => {
    while (left-- > 0)
      await transport.send(
        { id: 'fixed', to_name: 'Ada Brandt', to_address: 'ada@demo.test' },
        written,
        'Demo',
      )
  }
  await Promise.all(Array.from({ length: atOnce }, send))
  transport.close()
  const told = await sink.told()
  return { ...told, cpu: { sender: cpuSeconds(process.pid) - own, sink: sink.cpu - its, database: 0 } }
}
const fixedBody =
  'Hello {first_name},\n\nplease choose a new password for {company_name}:\n\n{reset_link}\n\nIt works for {expires_in}.'

async function campaignOf(ways: Ways, db: Db, sink: Sink, workers: number) {
  const env = settingsFor(ways, sink)
  const server = await startServer({ ...env, WORKER: workers > 0 ? 'off' : 'inline' })
  const senders = Array.from({ length: workers }, () => startSender(env))
  const spent = async () => ({
    sender: [server, ...senders].reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    sink: sink.cpu,
    database: await databaseCpuSeconds(db),
  })
  try {
    await sleep(2_000) // until the workers have started
    const office = await new HttpClient(server.address).signIn('admin@demo.test', demoPassword)
    const before = await spent()
    const { people, address } = await startCampaign(office)
    const pages = await pagesMeanwhile(office, ['/fieldworkers', address], () => isFinished(db))
    const cpu = difference(await spent(), before)
    return { ...(await sink.told()), wanted: people, sent: await sentSaysThePage(db), cpu, pages }
  } finally {
    for (const each of [server, ...senders]) each.kill('SIGTERM')
    await server.ended
  }
}

const difference = (after: Cpu, before: Cpu): Cpu => ({
  sender: after.sender - before.sender,
  sink: after.sink - before.sink,
  database: after.database - before.database,
})

const settingsFor = ({ app: expressApp, owner }: Ways, { url }: Sink) => ({
  ...{ DATABASE_URL: expressApp, DATABASE_OWNER_URL: owner, DEMO: 'off' },
  ...{ SESSION_SECRET: settings.SESSION_SECRET, SMTP_URL: url, MAIL_FROM: from },
})

const startSender = (env: Record<string, string>) =>
  fork(fileURLToPath(new URL('../../src/commands/worker.ts', import.meta.url)), {
    execArgv: ['--import', './src/typescript.js'],
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })

async function startCampaign(office: HttpClient) {
  const page = '/campaigns/new?all=1'
  const { text } = await office.get(page)
  const people = Number(/type (\d+) to show/.exec(text)?.[1])
  const cannedResponseId = /<option value="([^"]+)"/.exec(text)?.[1] ?? ''
  const form = { all: '1', cannedResponseId, emailsPerSecond: '1000', count: String(people) }
  const { status, headers } = await office.post('/campaigns', form, page)
  if (status !== 303) throw new Error(`The campaign was not started: ${status}`)
  return { people, address: String(headers.location) }
}

/** The milliseconds that each page took, one after the other, until it is over. */
async function pagesMeanwhile(office: HttpClient, addresses: string[], over: () => Promise<boolean>) {
  const taken: number[] = []
  while (!(await over()))
    for (const address of addresses) {
      const began = performance.now()
      await office.get(address).expect(200)
      taken.push(performance.now() - began)
      await sleep(100)
    }
  return taken
}

const isFinished = async (db: Db) =>
  (await one(db, z.object({ status: z.string() }), sql`select status from campaigns`)).status === 'finished'

async function sentSaysThePage(db: Db): Promise<number> {
  const row = z.object({ sent: z.coerce.number() })
  return (await one(db, row, sql`select count(*) as sent from campaign_people where state = 'sent'`)).sent
}

type Told = Awaited<ReturnType<Sink['told']>> & { cpu: Cpu }
type Campaign = Awaited<ReturnType<typeof campaignOf>>

function tell(limit: Told, campaign: Campaign) {
  sayTable([rowOf('one fixed email', limit), rowOf('a campaign', campaign)])
  const { people, emails, sent, wanted, pages } = campaign
  say(`\nratio ${(campaign.perSecond / limit.perSecond).toFixed(2)}`)
  say(`of ${wanted} people ${people} got ${emails} emails, and the page says ${sent} were sent`)
  const [middle, slow] = [quantile(pages, 0.5), quantile(pages, 0.95)]
  say(
    `${pages.length} pages meanwhile: half within ${middle.toFixed(0)} ms, 95 % within ${slow.toFixed(0)} ms`,
  )
}

function rowOf(what: string, { emails, ms, perSecond, cpu }: Told) {
  const each = (seconds: number) => (seconds / emails) * 1000
  return {
    ...{ what, emails, seconds: ms / 1000, 'a second': perSecond },
    ...{
      'ms of a processor each: sender': each(cpu.sender),
      sink: each(cpu.sink),
      database: each(cpu.database),
    },
  }
}

const targetsOf = (ratio: number): Target[] => [
  {
    work: 'campaign emails',
    beside: 'one fixed email, same sink',
    measured: ratio,
    unit: '×',
    atLeast: 0.5,
  },
]
