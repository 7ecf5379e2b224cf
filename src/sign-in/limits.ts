import { network, throttle } from '../foundation/throttle.ts'
import type { Db } from '../foundation/db.ts'

const minutes = 60

/** What one network may try: so many wrong passwords, and wrong ones at so many accounts, however slow at each. */
export function networkLimits(db: Db) {
  const tries = throttle(db, 'sign-in', 30, 10 * minutes)
  const accounts = throttle(db, 'sign-in-accounts', 20, 10 * minutes)
  const seen = throttle(db, 'sign-in-account', 1, 10 * minutes)
  return {
    async take(ip: string | null, email: string): Promise<number | null> {
      const from = network(ip ?? undefined)
      const wait = await tries.take(from)
      if (wait !== null || (await seen.take(`${from} ${email}`)) !== null) return wait
      return accounts.take(from)
    },
    /** Right passwords do not count: a whole crew may sign in behind one address. */
    async giveBack(ip: string | null): Promise<void> {
      const from = network(ip ?? undefined)
      await tries.giveBack(from)
      await accounts.giveBack(from)
    },
  }
}
export type NetworkLimits = ReturnType<typeof networkLimits>
