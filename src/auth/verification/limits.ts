import { network } from '../../platform/ip-address.ts'
import type { Db } from '../../platform/db.ts'
import { rateLimit, takeAll } from '../../platform/rate-limit.ts'

const minute = 60
const hour = 60 * minute

/**
 * How often a person may be emailed a link for their account: once a minute and five times an hour. A network has a
 * limit that fits a crew of two hundred.
 */
export function mailLimits(db: Db) {
  const gap = rateLimit(db, 'mail-link-gap', 1, minute)
  const hourly = rateLimit(db, 'mail-link-hour', 5, hour)
  const byNetwork = rateLimit(db, 'mail-link-network', 300, 10 * minute)
  return {
    async take(userId: string, ip: string | null): Promise<number | null> {
      // The account's limits come first: an impatient person uses up nothing of others behind the same router.
      return takeAll(db, [
        [gap, userId],
        [hourly, userId],
        [byNetwork, network(ip)],
      ])
    },
  }
}
export type MailLimits = ReturnType<typeof mailLimits>
