import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Db } from './db.ts'

export interface Throttle {
  /** Takes one try; gives the seconds to wait when none is left. Tries at once from several processes count right. */
  take(key: string): Promise<number | null>
  /** Gives a try back, because it turned out to be a good one. */
  giveBack(key: string): Promise<void>
}

/** So many tries in so many seconds, counted in PostgreSQL for all processes together. */
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
  return {
    async take(key) {
      try {
        await limiter.consume(key)
        return null
      } catch (excess) {
        if (excess instanceof RateLimiterRes) return Math.max(1, Math.ceil(excess.msBeforeNext / 1000))
        throw excess
      }
    },
    async giveBack(key) {
      await limiter.reward(key)
    },
  }
}

/** The address a limit counts by: whole for IPv4, the /64 for IPv6, where one customer holds all of it. */
export function network(ip: string | undefined): string {
  const address = (ip ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '')
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - groups.length - rest.length }, () => '0')
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}
