import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { countOldActivity } from '../../src/activity/chart/count-old-activity.ts'
import { countOlder } from '../../src/activity/chart/queries.ts'
import { removeOldMonths } from '../../src/activity/chain/retention.ts'
import { record } from '../../src/activity/record.ts'
import { Db, many, one, run, sql } from '../../src/platform/db.ts'
import { ownerOf } from '../support/database.ts'
import { textOf, type HttpClient } from '../support/http-client.ts'
import { resetRateLimits } from '../support/rate-limits.ts'
import { customRole } from '../support/roles.ts'
import { createTestApp } from '../support/test-app.ts'

const app = createTestApp()
const nobody = { actor: null, ip: '10.0.0.1', userAgent: null, requestId: null }
let owner: Db
let auditor: HttpClient

/**
 * Entries at times in the past, oldest first. The trigger that dates and chains new ones is off meanwhile; the one that
 * counts them is not.
 */
async function recordedAt(times: string[]): Promise<void> {
  await owner.transaction(async (tx) => {
    await run(tx, sql`alter table activity_log disable trigger chain_activity`)
    await run(
      tx,
      sql`insert into activity_log (seq, at, event, category, prev_hash, hash)
          select n, at, case when n % 3 = 0 then 'sign_in_failed' when n % 7 = 0 then 'sign_out' else 'sign_in' end, 'security', '', ''
          from unnest(${times}::timestamptz[]) with ordinality as entry (at, n)`,
    )
    await run(tx, sql`alter table activity_log enable trigger chain_activity`)
  })
}

const hour = 60 * 60 * 1000
const ago = (hours: number) => new Date(Date.now() - hours * hour).toISOString()

beforeAll(async () => {
  owner = new Db(ownerOf(app.connectionString))
  const months = [460, 455, 450].map((days) => ago(days * 24))
  const weeks = Array.from({ length: 400 }, (_, i) => ago(45 * 24 - i * 2.65))
  await recordedAt([...months, ...weeks])
  auditor = await app.as('auditor')
})
afterAll(() => owner.close())
beforeEach(async () => {
  await resetRateLimits(app.db)
  await run(app.db, sql`update company set time_zone = 'UTC'`)
})

interface Counts {
  signIns: number
  failures: number
}

/** Every entry counted by hand, by the day it was on in a time zone. */
async function byHand(timeZone: string): Promise<Map<string, Counts>> {
  const Entry = z.object({ at: z.date(), event: z.string() })
  const entries = await many(app.db, Entry, sql`select at, event from activity_log`)
  const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
  const days = new Map<string, Counts>()
  for (const { at, event } of entries) {
    const day = dayOf.format(at)
    const counts = days.get(day) ?? { signIns: 0, failures: 0 }
    if (event === 'sign_in') counts.signIns++
    if (event === 'sign_in_failed') counts.failures++
    days.set(day, counts)
  }
  return days
}

/** The table of a page's chart: the day that each row links to, and its numbers. */
function tableOf(html: string): Map<string, number[]> {
  const [, table = ''] = /Sign-ins and failures by day, newest first([\s\S]*?)<\/table>/.exec(html) ?? []
  return new Map(
    [...table.matchAll(/<th scope="row"><a href="([^"]+)">[\s\S]*?<\/tr>/g)].map(([row, href = '']) => [
      new URL(href.replaceAll('&amp;', '&'), 'http://x').searchParams.get('from') ?? '',
      [...row.matchAll(/<td class="num">([\d,]+)</g)].map(([, n = '']) => Number(n.replaceAll(',', ''))),
    ]),
  )
}
const links = (html: string) =>
  [...html.matchAll(/<a href="([^"]+)" aria-label="([^"]+)"[^>]*>\s*<rect class="c-hit"/g)].map(
    ([, href = '', label = '']) => ({
      href: href.replaceAll('&amp;', '&'),
      label,
    }),
  )
const page = async (address: string, by = auditor) => (await by.get(address).expect(200)).text

async function assertCounted(html: string, timeZone: string) {
  const [shown, counted] = [tableOf(html), await byHand(timeZone)]
  expect(shown.size).toBeGreaterThan(0)
  for (const [day, numbers] of shown) {
    const { signIns, failures } = counted.get(day) ?? { signIns: 0, failures: 0 }
    expect([day, ...numbers]).toEqual([day, signIns, failures])
  }
}

describe('the chart of the log', () => {
  test.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Pacific/Kiritimati'])(
    'counts each of the last thirty days as a count by hand does, in the time of %s',
    async (timeZone) => {
      await run(app.db, sql`update company set time_zone = ${timeZone}`)
      const html = await page('/activity-log')
      await assertCounted(html, timeZone)
      expect(tableOf(html).size).toBe(30)
      const sum = [...tableOf(html).values()].reduce((all, [signIns = 0]) => all + signIns, 0)
      expect(textOf(html)).toContain(`${sum} sign-ins`)
      expect(links(html).at(-1)?.label).toMatch(/^Today, /)
    },
  )

  test('follows the days of the filter: those alone, ninety-two of them at most', async () => {
    const [from, to] = [ago(40 * 24).slice(0, 10), ago(20 * 24).slice(0, 10)]
    const html = await page(`/activity-log?from=${from}&to=${to}`)
    expect([...tableOf(html).keys()]).toEqual([...tableOf(html).keys()].sort().reverse())
    expect([tableOf(html).size, [...tableOf(html).keys()].at(-1)]).toEqual([21, from])
    await assertCounted(html, 'UTC')
    const all = await page('/activity-log?from=2020-01-01')
    expect(tableOf(all).size).toBe(92)
    expect(textOf(all)).toContain('The last 92 of these days.')
    await assertCounted(all, 'UTC')
  })

  test('narrows the filter by each bar, and the view then has as many entries', async () => {
    const html = await page('/activity-log?event=sign_in&category=security')
    const shown = links(html)
    expect(shown).toHaveLength(30)
    for (const { href, label } of shown.slice(0, 4)) {
      const query = new URL(href, 'http://x').searchParams
      expect([query.get('event'), query.get('category')]).toEqual(['sign_in', 'security'])
      expect(query.get('from')).toBe(query.get('to'))
      const [, number = ''] = /: (\d+) sign-ins?$/.exec(label) ?? []
      expect(Number(number)).toBeGreaterThan(0)
      const words = textOf(await page(href))
      expect(words).toMatch(new RegExp(`${number} entr(y matches|ies match)`))
    }
  })

  test('shows what the filter shows: one of the two, both, or no chart', async () => {
    expect([...tableOf(await page('/activity-log?event=sign_in')).values()][0]).toHaveLength(1)
    expect(textOf(await page('/activity-log?event=sign_in_failed'))).not.toMatch(/\d sign-ins?\b/)
    expect([...tableOf(await page('/activity-log?category=security')).values()][0]).toHaveLength(2)
    for (const without of ['category=account', 'event=sign_out', 'category=system'])
      expect(await page(`/activity-log?${without}`)).not.toMatch(/log-chart|No chart/)
  })

  test.each(['actor=sam', 'about=sam', 'ip=10.0.0.1', 'q=amber'])(
    'says why there is none for %s, which the summary does not know',
    async (filter) => {
      const html = await page(`/activity-log?${filter}`)
      expect(textOf(html)).toContain('No chart: sign-ins are counted by day for the whole company')
      expect(html).not.toContain('<svg class="chart')
    },
  )

  test('is for those who may see the whole company, in the log and on Today', async () => {
    await customRole(app.db, 'Team reader', ['activity.view', 'users.view'], 'team')
    const reader = await app.createUser({ name: 'Tess Reader', role: 'Team reader', team: 'North' })
    const theirs = await app.signIn(reader)
    const html = await page('/activity-log', theirs)
    expect(textOf(html)).toContain('not by team')
    expect(html).not.toContain('<svg class="chart')
    for (const by of [theirs, await app.as('dispatcher')])
      expect(await page('/today', by)).not.toContain('<svg class="chart')
    const today = await page('/today', await app.as('admin'))
    expect(tableOf(today).size).toBe(14)
    await assertCounted(today, 'UTC')
    expect(links(today)[0]?.href).toMatch(/^\/activity-log\?from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d$/)
  })

  test('needs neither script nor style of its own', async () => {
    const html = await page('/activity-log')
    const [svg = ''] = /<svg class="chart[\s\S]*?<\/svg>/.exec(html) ?? []
    expect(svg).not.toMatch(/style=|<script|<style|NaN|undefined|="-/)
  })
})

const Totals = z.object({ sign_ins: z.number(), failures: z.number() })
const summary = () =>
  one(
    app.db,
    Totals,
    sql`select coalesce(sum(sign_ins), 0)::int as sign_ins, coalesce(sum(failures), 0)::int as failures from activity_counts`,
  )
const log = () =>
  one(
    app.db,
    Totals,
    sql`select count(*) filter (where event = 'sign_in')::int as sign_ins,
          count(*) filter (where event = 'sign_in_failed')::int as failures from activity_log`,
  )

describe('the summary', () => {
  test('changes with an entry, in its transaction', async () => {
    const before = await summary()
    const failed = { event: 'sign_in_failed', details: { reason: 'wrong_password' } } as const
    await app.db.transaction(async (tx) => record(tx, nobody, failed))
    const undone = app.db.transaction(async (tx) => {
      record(tx, nobody, failed)
      tx.beforeCommit(sql`select 1 / 0`, () => {})
    })
    await expect(undone).rejects.toThrow()
    expect(await summary()).toEqual({ ...before, failures: before.failures + 1 })
    const writers = Array.from({ length: 40 }, () =>
      app.db.transaction(async (tx) => record(tx, nobody, failed)),
    )
    await Promise.all(writers)
    expect(await summary()).toEqual({ ...before, failures: before.failures + 41 })
    expect(await summary()).toEqual(await log())
  })

  test('of a log that was there before is made in batches, newest first, while entries are added', async () => {
    await run(owner, sql`truncate activity_counts`)
    await run(owner, sql`update activity_counted_from set seq = (select max(seq) + 1 from activity_log)`)
    await app.as('sam')
    expect(textOf(await page('/activity-log'))).toContain('Older entries are still being counted')
    expect(await countOlder(app.db, 100)).toBe(true)
    await app.as('sam')
    expect(await summary()).not.toEqual(await log())
    await Promise.all([countOldActivity(app.db), countOldActivity(app.db), app.as('otto')])
    expect(await summary()).toEqual(await log())
    expect(textOf(await page('/activity-log'))).not.toContain('still being counted')
    expect(await countOlder(app.db, 100)).toBe(false)
    expect(await summary()).toEqual(await log())
  })

  test('forgets the months that are removed from the log, also when they were never counted', async () => {
    await run(owner, sql`update activity_counted_from set seq = 3`)
    await run(app.db, sql`update company set activity_retention_months = 13`)
    const before = (await log()).sign_ins
    await removeOldMonths(app.db)
    expect((await log()).sign_ins).toBeLessThan(before)
    expect(await summary()).toEqual(await log())
    await countOldActivity(app.db)
    expect(await summary()).toEqual(await log())
  })

  test('is read by the app and written by nobody but its owner', async () => {
    for (const statement of [
      sql`update activity_counts set sign_ins = 0`,
      sql`delete from activity_counts`,
      sql`insert into activity_counts values (now(), 1, 1)`,
      sql`update activity_counted_from set seq = 0`,
      sql`select count_activity(1, 9)`,
    ])
      await expect(run(app.db, statement)).rejects.toThrow('permission denied')
  })
})
