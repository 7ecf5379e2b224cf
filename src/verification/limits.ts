import { network } from '../foundation/address.ts'
import type { Db } from '../foundation/db.ts'
import { takeFromAll, throttle } from '../foundation/throttle.ts'

const minute = 60
const hour = 60 * minute

/**
 * How often one may be mailed a link for an account: once a minute, five times an hour; and from one network, where a
 * crew of two hundred may ask. */
export function mailLimits(db: Db) {
  const gap = throttle(db, 'mail-link-gap', 1, minute)
  const hourly = throttle(db, 'mail-link-hour', 5, hour)
  const ofNetwork = throttle(db, 'mail-link-network', 300, 10 * minute)
  return {
    async take(userId: string, ip: string | null): Promise<number | null> {
      // The account's first: one person's impatience takes nothing from the others behind their router.
      return takeFromAll([
        [gap, userId],
        [hourly, userId],
        [ofNetwork, network(ip)],
      ])
    },
  }
}
export type MailLimits = ReturnType<typeof mailLimits>
