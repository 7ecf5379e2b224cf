import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { run, sql, type Db } from './db.ts'

export interface Throttle {
  /** Takes one try; gives the seconds to wait when none is left. Tries at once from several processes count right. */
  take(key: string): Promise<number | null>
  /** The seconds to wait when none is left; takes nothing. */
  wait(key: string): Promise<number | null>
}

/** So many tries in so many seconds, counted in PostgreSQL for all processes together. A key names nobody. */
export function throttle(db: Db, name: string, tries: number, seconds: number): Throttle {
  const limiter = new RateLimiterPostgres({
    storeClient: db.pool,
    storeType: 'pool',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: tries,
    duration: seconds,
  })
  const inSeconds = (until: RateLimiterRes) => Math.max(1, Math.ceil(until.msBeforeNext / 1000))
  return {
    async take(key) {
      try {
        await limiter.consume(key)
        return null
      } catch (excess) {
        if (excess instanceof RateLimiterRes) return inSeconds(excess)
        throw excess
      }
    },
    async wait(key) {
      const state = await limiter.get(key)
      return state && state.consumedPoints >= tries ? inSeconds(state) : null
    },
  }
}

/** Takes from each in turn, until one has none left. */
export async function takeFromAll(windows: Throttle[], key: string): Promise<number | null> {
  for (const window of windows) {
    const wait = await window.take(key)
    if (wait !== null) return wait
  }
  return null
}

/** Forgets what is over: a count says who tried, so it stays no longer than it serves. */
export async function forgetOldLimits(db: Db): Promise<void> {
  await run(db, sql`delete from rate_limits where expire < extract(epoch from now()) * 1000`)
}
