import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { seed } from '../../src/embedded/demo/seed.ts'
import { describeReason } from '../../src/activity/describe-reason.ts'
import { checkChain } from '../../src/activity/chain/check.ts'
import { eventTypesOf } from '../../src/activity/event-types.ts'
import type { ResolvedFilter } from '../../src/activity/filter.ts'
import { selectSelectiveTerm } from '../../src/activity/queries.ts'
import { dailyCounts } from '../../src/activity/chart/queries.ts'
import { pageOf, selectEntries } from '../../src/activity/entries/queries.ts'
import { Db, one, sql, type Sql } from '../../src/platform/db.ts'
import { minimumStrength } from '../../src/auth/passwords/hash.ts'
import { ownerOf } from '../support/database.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const searches: Record<string, ResolvedFilter> = {}
let deep: string

// Enough that reading all of it would cost more than any index, and that the planner knows.
beforeAll(async () => {
  const owner = new Db(ownerOf(app.connectionString), { statement_timeout: 0 })
  await seed(owner, minimumStrength, { fieldworkers: 300, events: 40_000 })
  await owner.close()
  const worker = await one(
    app.db,
    z.object({ id: z.string(), ip: z.string(), email: z.string() }),
    sql`select actor_id as id, ip, actor_email as email from activity_log
        where event = 'sign_in' and actor_email like '%.___@%' order by seq limit 1`,
  )
  const middle = await one(
    app.db,
    z.object({ id: z.string(), seq: z.string() }),
    sql`select id, seq::text from activity_log where seq = 20000`,
  )
  deep = middle.id
  Object.assign(searches, {
    nothing: {},
    category: { eventTypes: eventTypesOf('security') },
    event: { eventTypes: ['email_verified'] },
    actor: { actors: [worker.id] },
    office: { actors: [app.cast.admin.id] },
    about: { subjects: [worker.id] },
    ip: { ips: [worker.ip] },
    days: { first: '15000', beyond: '15500' },
    rare: { text: worker.email, selectiveTerm: await selectSelectiveTerm(app.db, worker.email) },
    text: { text: 'Wrong password' },
  })
}, 60_000)

const Plan = z.object({ 'QUERY PLAN': z.string() })

async function planOf(query: Sql): Promise<string> {
  const { rows } = await app.db.query(sql`explain ${query}`)
  return z
    .array(Plan)
    .parse(rows)
    .map((row) => row['QUERY PLAN'])
    .join('\n')
}

const names = ['category', 'event', 'actor', 'office', 'about', 'ip', 'days', 'rare', 'text']
const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other] as const))
const sameFilter = (one: ResolvedFilter, other: ResolvedFilter) =>
  Object.keys(one).some((name) => name in other)

describe('the plan of a page', () => {
  test.each(['nothing', ...names])('by %s reads an index and never the whole log', async (name) => {
    for (const place of [{}, { older: deep }, { newer: deep }]) {
      const plan = await planOf(pageOf(searches[name] ?? {}, place, 51))
      expect(plan).not.toContain('Seq Scan on activity_log')
      expect(plan).toContain('activity_log_')
    }
  })

  test.each(pairs)('by %s and %s too', async (one, other) => {
    const [first = {}, second = {}] = [searches[one], searches[other]]
    if (sameFilter(first, second)) return
    const plan = await planOf(pageOf({ ...first, ...second }, { older: deep }, 51))
    expect(plan).not.toContain('Seq Scan on activity_log')
  })

  test('sorts no more than the ends of the streams it merges', async () => {
    for (const name of ['category', 'actor', 'about', 'ip']) {
      const plan = await planOf(pageOf(searches[name] ?? {}, {}, 51))
      const lateral = plan.slice(plan.indexOf('Nested Loop'))
      expect(lateral).toMatch(/Limit/)
      expect(lateral.slice(lateral.indexOf('Limit'))).not.toContain('Sort')
    }
  })
})

describe('the plan of the chart', () => {
  test.each([{}, { from: '2026-01-01', to: '2026-01-14' }])(
    'of %o reads the summary by its key, and none of the log',
    async (days) => {
      const plan = await planOf(dailyCounts({ ...days, usual: 30, most: 92 }, 'Europe/Berlin'))
      expect(plan).toContain('activity_counts_pkey')
      expect(plan).not.toMatch(/Seq Scan on activity_(log|counts)\b/)
      // The number of the oldest entry alone.
      const ofLog = plan.split('\n').filter((line) => line.includes(' on activity_log'))
      for (const line of ofLog) expect(line).toContain('Index Only Scan using activity_log_pkey')
    },
  )
})

test('what was made up to measure with is a whole chain too, and is added to as any other', async () => {
  await app.as('auditor')
  expect(await checkChain(app.db)).toMatchObject({ entries: 40_001, fault: null })
})

test('a part of an address that few people bear is told from one that many do', async () => {
  expect(searches.rare?.selectiveTerm).toMatch(/^\d+$/)
  for (const [text, part] of [
    ['seed.test', undefined],
    ['Wrong password', undefined],
    ['dana admin', 'admin'],
  ])
    expect(await selectSelectiveTerm(app.db, text ?? '')).toBe(part)
})

describe('the page', () => {
  test('finds what a plain reading of the whole log finds, for each filter and for pairs of them', async () => {
    const combinations = [
      ...names.map((name) => searches[name] ?? {}),
      ...pairs
        .map(([one, other]) => [searches[one] ?? {}, searches[other] ?? {}] as const)
        .filter(([one, other]) => !sameFilter(one, other))
        .map(([one, other]) => ({ ...one, ...other })),
    ]
    for (const search of combinations) {
      const found = (await selectEntries(app.db, search, { older: deep }, 51)).map(({ seq }) => Number(seq))
      expect(found).toEqual(await plainly(search))
    }
  })
})

/** The same question asked of every entry, one after the other, in this process. */
async function plainly({
  eventTypes: kinds,
  actors,
  subjects,
  ips,
  text,
  first,
  beyond,
}: ResolvedFilter): Promise<number[]> {
  const all = (everything ??= (
    await app.db.query(sql`select * from activity_log where seq < 20000 order by seq desc`)
  ).rows)
  return all
    .filter((row) => !kinds || kinds.includes(row.event as never))
    .filter((row) => !actors || actors.includes(row.actor_id ?? ''))
    .filter((row) => !subjects || subjects.includes(row.subject_id ?? ''))
    .filter((row) => !ips || ips.includes(row.ip ?? ''))
    .filter(
      ({ event, actor_email, subject_email, details }) =>
        !text ||
        JSON.stringify([actor_email, subject_email, details]).includes(text) ||
        describeReason(event ?? '', details as never)
          .toLowerCase()
          .includes(text.toLowerCase()),
    )
    .filter(
      ({ seq }) => (!first || Number(seq) >= Number(first)) && (!beyond || Number(seq) < Number(beyond)),
    )
    .slice(0, 51)
    .map(({ seq }) => Number(seq))
}
let everything: Record<string, string | null>[] | undefined
