import { z } from 'zod'
import { logAddress } from '../../src/activity/filter.ts'
import { createApp } from '../../src/app.ts'
import { demoPassword } from '../../src/embedded/demo/demo-company.ts'
import { Db, one, sql } from '../../src/platform/db.ts'
import { HttpClient } from '../support/http-client.ts'
import { clocked } from './clocked.ts'
import { median, say, sayTable, shuffled } from './numbers.ts'
import { configFor, seedCompany, withOwnDatabase } from './own-database.ts'
import { sayPlans } from './plans.ts'

const sizes = { events: 200_000, fieldworkers: 5_000, requests: 9 }
export const logPages = { sizes, measure }

const quick = 50
const patience = 5 * 60_000
const ownPage = '/account/activity'
const ratio = `to ${ownPage}`

/** How long the server takes for a page of the log: the first, one in the middle, by each filter and each two of them. */
function measure({ requests, ...company }: typeof sizes) {
  return withOwnDatabase(async (ways) => {
    await seedCompany(ways, company)
    const db = new Db(ways.app)
    const { app: expressApp, took } = clocked(createApp({ db, config: configFor(ways) }))
    const auditor = await new HttpClient(expressApp).signIn('auditor@demo.test', demoPassword)
    const pages = await addresses(db)
    const taken = new Map([...pages.keys()].map((page) => [page, [] as number[]]))
    const failed = new Set<string>()
    const began = performance.now()
    for (let round = 0; round <= requests; round++)
      for (const [page, address] of shuffled([...pages])) {
        if (performance.now() - began > patience) continue
        const { status } = await auditor.get(address)
        if (status !== 200) failed.add(`${page}: ${status}`)
        if (round > 0) taken.get(page)?.push(took())
      }
    const rows = told(taken)
    sayTable(rows)
    const above = rows.filter(({ ms }) => ms > quick)
    const slow = above.filter((row) => row[ratio] > 2)
    say(
      `\n${above.length} of ${rows.length} above ${quick} ms, ${slow.length} of them for the query's own sake`,
    )
    say(`failed: ${[...failed].join(', ') || 'none'}`)
    for (const { page } of slow) await sayPlans(db, page, pages.get(page) ?? '')
    await db.close()
    return { rows, above: above.length, slow: slow.length, failed: [...failed] }
  })
}

/** Sorted by median; the last column tells a slow machine from a slow query. */
function told(taken: Map<string, number[]>) {
  const own = median(taken.get(ownPage) ?? [])
  return [...taken]
    .map(([page, all]) => ({ page, ms: median(all), worst: Math.max(...all), of: all.length }))
    .map((row) => ({ ...row, [ratio]: row.ms / own }))
    .sort((a, b) => a.ms - b.ms)
}

/** What is asked for, by a name to tell it by. Filters of one field are written `field: value`, and never paired. */
async function addresses(db: Db): Promise<Map<string, string>> {
  const some = await entryInTheMiddle(db)
  const filters = Object.entries({
    category: { category: 'security' },
    event: { event: 'email_verified' },
    'actor: office': { actor: 'admin@demo.test' },
    'actor: worker': { actor: some.email },
    about: { about: some.email },
    'ip: office': { ip: '198.51.100.1' },
    'ip: worker': { ip: some.ip },
    days: { from: some.day, to: some.day },
    'text: rare': { q: some.email },
    'text: at times': { q: some.word },
    'text: common': { q: 'seed.test' },
  })
  const field = (name: string) => name.split(':')[0]
  const pairs = filters.flatMap(([name, filter], at) =>
    filters
      .slice(at + 1)
      .filter(([other]) => field(other) !== field(name))
      .map(([other, more]) => [`${name} + ${other}`, { ...filter, ...more }] as const),
  )
  const asked = [['first', {}], ['deep', { after: some.id }], ...filters, ...pairs] as const
  return new Map([
    [ownPage, ownPage],
    ...asked.map(([name, query]) => [name, logAddress('/activity-log', {}, query)] as const),
  ])
}

/** Somebody's sign-in half-way through the log, and the first name of theirs that others bear too. */
function entryInTheMiddle(db: Db) {
  const Entry = z.object({
    id: z.string(),
    email: z.string(),
    ip: z.string(),
    day: z.string(),
    word: z.string(),
  })
  return one(
    db,
    Entry,
    sql`select id, actor_email as email, ip, to_char(at, 'YYYY-MM-DD') as day,
          split_part(actor_name, ' ', 1) as word
        from activity_log
        where event = 'sign_in' and seq > (select max(seq) / 2 from activity_log) and actor_email like '%@seed.test'
        order by seq limit 1`,
  )
}
