import { z } from 'zod'
import { maybeOne, run, sql, type Db } from './db.ts'
import { inBatches } from './in-batches.ts'
import { TooManyRequests } from './web/errors.ts'

/** Take first, then act: asking how many are left would be a race. Give back what turns out not to count. */
export interface RateLimit {
  readonly name: string
  /** How many there are in so many seconds. */
  readonly most: number
  readonly seconds: number
  /** Takes one; returns the seconds to wait if none is left. Concurrent calls never take more than are left. */
  take(key: string): Promise<number | null>
  /** Gives one back; false if its window is over or it was given back already. */
  giveBack(key: string): Promise<boolean>
  /** Whether none is left now: to show it, never to decide by it. */
  isSpent(key: string): Promise<boolean>
}

/** A limit, and what it counts for: an account, a network. A key must not identify a person. */
export type Limited = [limit: RateLimit, key: string]

/** Allows `most` in so many seconds, counted in PostgreSQL for all processes together. */
export function rateLimit(db: Db, name: string, most: number, seconds: number): RateLimit {
  const limit: RateLimit = {
    ...{ name, most, seconds },
    take: (key) => takeAll(db, [[limit, key]]),
    giveBack: async (key) => (await giveBackAll(db, [[limit, key]])) > 0,
    isSpent: async (key) => {
      const window = await maybeOne(
        db,
        Window,
        sql`select key, points, ${secondsLeft} as wait from rate_limits
            where key = ${rowOf([limit, key])} and expire > ${now}`,
      )
      return window !== undefined && window.points >= most
    },
  }
  return limit
}

/** Takes one from each limit, or none if one of them has none left: then it returns the seconds to wait. */
export async function takeAll(db: Db, limits: Limited[]): Promise<number | null> {
  const counted = await count(db, limits)
  const refused = limits.find((limited) => (counted.get(rowOf(limited))?.points ?? 0) > limited[0].most)
  if (!refused) return null
  await giveBackAll(db, limits)
  return Math.max(1, Math.ceil(counted.get(rowOf(refused))?.wait ?? 0))
}

/**
 * The same for several groups, one after the other. From the groups after a refused one nothing is taken, not even for
 * a moment: who is refused must not count against anybody else.
 */
export async function takeInOrder(db: Db, groups: Limited[][]): Promise<(number | null)[]> {
  const waits: (number | null)[] = []
  for (const limits of groups) {
    const wait = await takeAll(db, limits)
    waits.push(wait)
    if (wait !== null) break
  }
  return waits
}

const rowOf = ([{ name }, key]: Limited): string => `${name}:${key}`
const now = sql`(extract(epoch from statement_timestamp()) * 1000)`
const secondsLeft = sql`((expire - ${now}) / 1000)::float8`
const Window = z.object({ key: z.string(), points: z.number(), wait: z.number() })

/** Counts one for each limit. A window begins with its first count. Rows are locked in one order by everyone. */
async function count(db: Db, limits: Limited[]): Promise<Map<string, z.output<typeof Window>>> {
  const seconds = limits.map(([limit]) => limit.seconds)
  const { rows } = await db.counts.query(
    sql`insert into rate_limits as l (key, points, expire)
        select key, 1, ${now} + seconds * 1000 from unnest(${limits.map(rowOf)}::text[], ${seconds}::int[]) as w(key, seconds)
        order by key
        on conflict (key) do update set
          points = case when l.expire <= ${now} then 1 else l.points + 1 end,
          expire = case when l.expire <= ${now} then excluded.expire else l.expire end
        returning key, points, ${secondsLeft} as wait`.prepared('count'),
  )
  return new Map(rows.map((row) => Window.parse(row)).map((window) => [window.key, window]))
}

/** Gives one back to each limit; returns to how many. */
export function giveBackAll(db: Db, limits: Limited[]): Promise<number> {
  return run(
    db,
    sql`update rate_limits set points = points - 1 where key in (
          select key from rate_limits where key = any(${limits.map(rowOf)}::text[]) and points > 0 and expire > ${now}
          order by key for update)`.prepared('give back'),
  )
}

/** The same in the memory of one process, for limits not worth a row. All windows begin and end together. */
export function localRateLimit(most: number, seconds: number): (key: string) => number | null {
  const taken = new Map<string, number>()
  let until = 0
  return (key) => {
    const present = performance.now()
    if (present >= until) {
      taken.clear()
      until = present + seconds * 1_000
    }
    const count = (taken.get(key) ?? 0) + 1
    taken.set(key, count)
    return count > most ? Math.max(1, Math.ceil((until - present) / 1_000)) : null
  }
}

/** Runs work that counts towards a limit. Work that fails does not count. */
export async function limited<T>(limit: RateLimit, key: string, work: () => Promise<T>): Promise<T> {
  const wait = await limit.take(key)
  if (wait !== null) throw new TooManyRequests(wait)
  try {
    return await work()
  } catch (error) {
    await limit.giveBack(key)
    throw error
  }
}

/** Deletes expired counts: a count shows who tried, so it is kept no longer than needed. */
export async function purgeRateLimits(db: Db): Promise<void> {
  const over = sql`select key from rate_limits where expire < ${now} order by key`
  await inBatches(
    // Rows that are counted at this moment are left for the next time.
    (most) =>
      run(db, sql`delete from rate_limits where key in (${over} limit ${most} for update skip locked)`),
    10_000,
  )
}
