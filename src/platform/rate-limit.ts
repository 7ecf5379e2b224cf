import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { run, sql, type Db } from './db.ts'
import { inBatches } from './in-batches.ts'
import { TooManyRequests } from './web/errors.ts'

/**
 * Takes first, then does: there is no asking how many are left, since others would take them meanwhile. What turns out
 * not to count is given back.
 */
export interface RateLimit {
  /** Takes one; gives the seconds to wait when none is left. Of many at once no more pass than are left. */
  take(key: string): Promise<number | null>
  /** Gives back one that was taken; false when its time was over, or when it was given back already. */
  giveBack(key: string): Promise<boolean>
  /** Whether none is left at this moment: to say so, never to decide by it. */
  isSpent(key: string): Promise<boolean>
}

/** So many in so many seconds, counted in PostgreSQL for all processes together. A key names nobody. */
export function rateLimit(db: Db, name: string, most: number, seconds: number): RateLimit {
  const limiter = new RateLimiterPostgres({
    storeClient: db.pool,
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
        await giveBack(key) // counted, though it did not pass
        return seconds
      }
    },
  }
}

/** The same in the memory of one process, for what is not worth a row: gives the seconds to wait when none is left. */
export function localRateLimit(most: number, seconds: number): (key: string) => Promise<number | null> {
  const limiter = new RateLimiterMemory({ points: most, duration: seconds })
  return (key) => limiter.consume(key).then(() => null, secondsToWait)
}

function secondsToWait(excess: unknown): number {
  if (!(excess instanceof RateLimiterRes)) throw excess
  return Math.max(1, Math.ceil(excess.msBeforeNext / 1000))
}

/** Takes one from each; from none, where one of them has none left. */
export async function consumeAll(each: [window: RateLimit, key: string][]): Promise<number | null> {
  for (const [place, [window, key]] of each.entries()) {
    const wait = await window.take(key)
    if (wait === null) continue
    for (const [taken, its] of each.slice(0, place)) await taken.giveBack(its)
    return wait
  }
  return null
}

/** Does what counts towards a limit. What fails does not. */
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

/** Forgets what is over: a count says who tried, so it stays no longer than it serves. */
export async function purgeRateLimits(db: Db): Promise<void> {
  const over = sql`select key from rate_limits where expire < extract(epoch from now()) * 1000`
  await inBatches(
    (most) => run(db, sql`delete from rate_limits where key in (${over} limit ${most})`),
    10_000,
  )
}
