import http from 'node:http'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db, one, run, sql } from '../../src/platform/db.ts'
import { startServer } from '../support/running-server.ts'
import { makeTestFolder, type Ways } from '../support/test-server.ts'
import { HttpClient } from '../support/http-client.ts'
import { copiesToNowhere, download, type Answer } from './copies.ts'
import { median, quantile, say, sayTable } from './numbers.ts'
import { seedCompany, settings, withOwnDatabase } from './own-database.ts'
import { peakMemory } from './memory.ts'
import type { Target } from './targets.ts'

const sizes = { rows: 1_000_000, fieldworkers: 5_000 }
export const logExport = { sizes, measure }

const times = 3
const path = '/activity-log.csv'

/** An export of the whole log beside what the database alone takes for it, and what it does to everybody else. */
function measure({ rows, fieldworkers }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers, events: rows })
    return withServer(ways, async (address, pid) => {
      const db = new Db(ways.app)
      const auditor = await new HttpClient(address).signIn('auditor@demo.test', demoPassword)
      const cookie = auditor.cookies()
      const quietly = () => whileAsking(address, cookie, () => sleep(1_000))
      for (let i = 0; i < 5; i++) await quietly() // warms up: pages cost memory too
      const memory = peakMemory(pid)
      const exports: Answer[] = []
      const copies: Copies[] = []
      const alone: number[] = []
      const asked: number[] = []
      const exportOnce = async () => {
        await run(db, sql`delete from rate_limits where key like 'export:%'`)
        return download(`${address}${path}`, cookie)
      }
      for (let i = 0; i < times; i++) {
        exports.push(await exportOnce())
        copies.push(await copiesToNowhere(db, ways.app))
        alone.push(...(await quietly()))
        asked.push(...(await whileAsking(address, cookie, exportOnce)))
      }
      const grown = memory.stop()
      const left = await leaveMidway(db, address, cookie)
      await db.close()
      return tell({ rows, alone, asked, exports, copies, grown, left })
    })
  })
}

async function withServer<T>(ways: Ways, work: (address: string, pid: number) => Promise<T>): Promise<T> {
  const folder = makeTestFolder()
  const server = await startServer({
    ...{ ...settings, DATABASE_URL: ways.app, DATABASE_OWNER_URL: ways.owner, DATA_DIR: folder, DEMO: 'off' },
  })
  try {
    return await work(server.address.replace('localhost', '127.0.0.1'), server.pid)
  } finally {
    server.kill('SIGTERM')
    await server.ended
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How long others wait for a page in the meantime, one after the other: a stranger's and that of somebody signed in. */
async function whileAsking(address: string, cookie: string, meantime: () => Promise<unknown>) {
  const pages = [
    ['/sign-in', {}],
    ['/account', { cookie }],
  ] as const
  const taken: number[] = []
  let over = false
  const done = meantime().finally(() => (over = true))
  done.catch(() => {}) // awaited below, unless a page fails first
  while (!over)
    for (const [page, headers] of pages) {
      const began = performance.now()
      const answer = await fetch(`${address}${page}`, { headers, redirect: 'manual' })
      await answer.arrayBuffer()
      if (answer.status !== 200) throw new Error(`${page} answered ${answer.status}`)
      taken.push(performance.now() - began)
    }
  await done
  return taken
}

/** The queries of an export while its reader dawdles, and two seconds after the reader left. */
async function leaveMidway(db: Db, address: string, cookie: string) {
  await run(db, sql`delete from rate_limits where key like 'export:%'`)
  const request = http.get(`${address}${path}`, { headers: { cookie } })
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
  await once(answer, 'readable')
  await sleep(500)
  const before = await copiesUnderWay(db)
  request.destroy()
  await sleep(2_000)
  return { before, after: await copiesUnderWay(db) }
}

async function copiesUnderWay(db: Db): Promise<number> {
  const row = await one(
    db,
    z.object({ count: z.coerce.number() }),
    sql`select count(*) from pg_stat_activity where datname = current_database() and query ilike 'copy%'`,
  )
  return row.count
}

type Copies = Awaited<ReturnType<typeof copiesToNowhere>>

interface Found {
  rows: number
  alone: number[]
  asked: number[]
  exports: Answer[]
  copies: Copies[]
  grown: { mb: number; words: string }
  left: { before: number; after: number }
}

function tell({ rows, alone, asked, exports, copies, grown, left }: Found) {
  const taken = {
    'export by HTTP': median(exports.map(({ ms }) => ms)),
    'COPY through the driver': median(copies.map(({ driver }) => driver)),
    'psql \\copy': median(copies.map(({ psql }) => psql)),
  }
  const ways = Object.entries(taken).map(([way, ms]) => ({ way, ms, 'rows/s': (rows / ms) * 1000 }))
  const others = [
    { pages: 'without an export', ms: median(alone), p95: quantile(alone, 0.95), of: alone.length },
    { pages: 'during an export', ms: median(asked), p95: quantile(asked, 0.95), of: asked.length },
  ]
  const share = taken['COPY through the driver'] / taken['export by HTTP']
  const bytes = exports[0]?.bytes ?? 0
  sayTable(ways)
  say(`${(bytes / 2 ** 20).toFixed(0)} MB; memory of the server ${grown.words}\n`)
  sayTable(others)
  say(
    `\nqueries of an export: ${left.before} while its reader dawdled, ${left.after} two seconds after leaving`,
  )
  return { ways, bytes, others, left, targets: targetsOf(share, grown.mb) }
}

const targetsOf = (share: number, mb: number): Target[] => [
  {
    work: 'export of the log',
    beside: 'COPY through the driver',
    ...{ measured: share, unit: '×', atLeast: 0.7 },
  },
  { work: 'memory of an export', beside: '', measured: mb, unit: 'MB', atMost: 60 },
]
