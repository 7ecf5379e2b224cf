import { z } from 'zod'
import { beginningOf } from '../../company/queries.ts'
import { many, one, sql, type Queryable, type Sql } from '../../platform/db.ts'

const DayCount = z.object({
  day: z.string(),
  today: z.boolean(),
  sign_ins: z.number(),
  failures: z.number(),
  complete: z.boolean(),
})
export type DayCount = z.output<typeof DayCount>

/** A range of days, both included. Without a last day it ends today, without a first it has `usual` days. */
export interface DayRange {
  from?: string
  to?: string
  usual: number
  most: number
}

/**
 * Sign-ins and failures of each day, as the time zone counts days; the latest days if there are more than `most`. It
 * reads at most 100 rows a day of the summary, and none of the log. `complete`: whether older entries are all counted.
 */
export function dailyCounts({ from, to, usual, most }: DayRange, timeZone: string): Sql {
  const zone = sql`${timeZone}::text`
  return sql`
        with ends as (
          select least(coalesce(${to ?? null}::date, today), today) as last, today
          from (select (now() at time zone ${zone})::date as today) its),
        span as (
          select greatest(coalesce(${from ?? null}::date, last - ${usual - 1}::int), last - ${most - 1}::int) as first, last, today
          from ends),
        days as materialized (
          select n, span.first + n as day, span.first + n = today as today,
            ${beginningOf(sql`(span.first + n)`, zone)} as begins, ${beginningOf(sql`(span.first + n + 1)`, zone)} as ends
          from span cross join generate_series(0, span.last - span.first) n)
        select to_char(day, 'YYYY-MM-DD') as day, today, sign_ins, failures,
          (select min(seq) from activity_log) is null
            or (select min(seq) from activity_log) >= (select seq from activity_counted_from) as complete
        from days cross join lateral (
          select coalesce(sum(sign_ins), 0)::int as sign_ins, coalesce(sum(failures), 0)::int as failures
          from activity_counts where slot >= begins and slot < ends) counted
        order by n`
}

export const selectDailyCounts = (db: Queryable, range: DayRange, timeZone: string): Promise<DayCount[]> =>
  many(db, DayCount, dailyCounts(range, timeZone))

const Left = z.object({ left: z.boolean() })

/** Counts so many older entries. Returns whether any are left. */
export async function countOlder(db: Queryable, entries: number): Promise<boolean> {
  const row = await one(db, Left, sql`select count_older_activity(${entries}::int) as left`)
  return row.left
}
