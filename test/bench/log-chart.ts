import { dailyCounts } from '../../src/activity/chart/queries.ts'
import { createApp } from '../../src/app.ts'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db } from '../../src/platform/db.ts'
import { HttpClient } from '../support/http-client.ts'
import { administer } from '../support/test-server.ts'
import { clocked } from './clocked.ts'
import { median, say, sayTable } from './numbers.ts'
import { configFor, seedCompany, withOwnDatabase } from './own-database.ts'
import type { Target } from './targets.ts'

const sizes = { few: 100_000, many: 5_000_000, requests: 60 }
export const logChart = { sizes, measure }

/** What the log's page with its chart, Today and the chart's query alone take, over a short log and a long one. */
async function measure({ few, many, requests }: typeof sizes) {
  const rows = [await taken(few, requests), await taken(many, requests)] as const
  sayTable(rows.map((row) => ({ ...row })))
  const [short, long] = rows
  const ratios = {
    page: long.page / short.page,
    today: long.today / short.today,
    query: long.query / short.query,
  }
  say(
    `\nratio of the page ${ratios.page.toFixed(2)}, of Today ${ratios.today.toFixed(2)}, of the query ${ratios.query.toFixed(2)}`,
  )
  return { rows, ratios, targets: targetsOf(ratios) }
}

const taken = (events: number, requests: number) =>
  withOwnDatabase(async (ways) => {
    await seedCompany(ways, { fieldworkers: 1_000, events })
    await administer(ways.owner, 'vacuum analyze') // or it would run while this measures
    const db = new Db(ways.app)
    const { app: expressApp, took } = clocked(createApp({ db, config: configFor(ways) }))
    const admin = await new HttpClient(expressApp).signIn('admin@demo.test', demoPassword)
    const [page, today, query] = [[], [], []] as [number[], number[], number[]]
    for (let round = 0; round <= requests; round++) {
      await admin.get('/activity-log').expect(200)
      if (round > 0) page.push(took())
      await admin.get('/today').expect(200)
      if (round > 0) today.push(took())
      const began = performance.now()
      await db.query(dailyCounts({ usual: 30, most: 92 }, 'Europe/Berlin'))
      if (round > 0) query.push(performance.now() - began)
    }
    await db.close()
    return { events, page: median(page), today: median(today), query: median(query) }
  })

const targetsOf = ({ page, today }: { page: number; today: number }): Target[] => [
  {
    work: 'the log with its chart, many entries',
    beside: 'few entries',
    measured: page,
    unit: '×',
    atMost: 1.3,
  },
  {
    work: 'Today with its chart, many entries',
    beside: 'few entries',
    measured: today,
    unit: '×',
    atMost: 1.3,
  },
]
