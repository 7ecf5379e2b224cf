import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { run, sql, type Db } from './db.ts'
import { inBatches } from './in-batches.ts'
import { TooManyRequests } from './web/errors.ts'

/** Take first, then act: asking how many are left would be a race. Give back what turns out not to count. */
export interface RateLimit {
  /** Takes one; returns the seconds to wait if none is left. Concurrent calls never take more than are left. */
  take(key: string): Promise<number | null>
  /** Gives one back; false if its window is over or it was given back already. */
  giveBack(key: string): Promise<boolean>
  /** Whether none is left now: to show it, never to decide by it. */
  isSpent(key: string): Promise<boolean>
}

/**
 * Allows `most` in so many seconds, counted in PostgreSQL for all processes together. A key must not identify a
 * person.
 */
export function rateLimit(db: Db, name: string, most: number, seconds: number): RateLimit {
  const limiter = new RateLimiterPostgres({
    storeClient: db.counts,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: most,
    duration: seconds,
  })
  const giveBack = async (key: string) =>
    (await run(
      db,
      sql`update rate_limits set points = points - 1
          where key = ${`${name}:${key}`} and points > 0 and expire > extract(epoch from now()) * 1000`,
    )) > 0
  return {
    giveBack,
    async isSpent(key) {
      const state = await limiter.get(key)
      return state !== null && state.remainingPoints <= 0
    },
    async take(key) {
      try {
        await limiter.consume(key)
        return null
      } catch (excess) {
        const seconds = secondsToWait(excess)
        await giveBack(key) // counted, although it was refused
        return seconds
      }
    },
  }
}

/** The same in the memory of one process, for limits not worth a row. Returns the seconds to wait if none is left. */
export function localRateLimit(most: number, seconds: number): (key: string) => Promise<number | null> {
  const limiter = new RateLimiterMemory({ points: most, duration: seconds })
  return (key) => limiter.consume(key).then(() => null, secondsToWait)
}

function secondsToWait(excess: unknown): number {
  if (!(excess instanceof RateLimiterRes)) throw excess
  return Math.max(1, Math.ceil(excess.msBeforeNext / 1000))
}

/** Takes one from each limit, or none if one of them has none left. */
export async function consumeAll(limits: [limit: RateLimit, key: string][]): Promise<number | null> {
  const waits = await Promise.all(limits.map(([limit, key]) => limit.take(key)))
  const wait = waits.find((each) => each !== null) ?? null
  if (wait === null) return null
  const taken = limits.filter((_limit, i) => waits[i] === null)
  await Promise.all(taken.map(([limit, key]) => limit.giveBack(key)))
  return wait
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
  const over = sql`select key from rate_limits where expire < extract(epoch from now()) * 1000`
  await inBatches(
    (most) => run(db, sql`delete from rate_limits where key in (${over} limit ${most})`),
    10_000,
  )
}
