import { network } from '../../platform/ip-address.ts'
import type { Db } from '../../platform/db.ts'
import { consumeAll, rateLimit } from '../../platform/rate-limit.ts'

const minute = 60
const hour = 60 * minute

/**
 * How often one may be mailed a link for an account: once a minute, five times an hour; and from one network, where a
 * crew of two hundred may ask. */
export function mailLimits(db: Db) {
  const gap = rateLimit(db, 'mail-link-gap', 1, minute)
  const hourly = rateLimit(db, 'mail-link-hour', 5, hour)
  const ofNetwork = rateLimit(db, 'mail-link-network', 300, 10 * minute)
  return {
    async take(userId: string, ip: string | null): Promise<number | null> {
      // The account's first: one person's impatience takes nothing from the others behind their router.
      return consumeAll([
        [gap, userId],
        [hourly, userId],
        [ofNetwork, network(ip)],
      ])
    },
  }
}
export type MailLimits = ReturnType<typeof mailLimits>
