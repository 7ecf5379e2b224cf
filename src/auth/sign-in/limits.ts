import { network } from '../../platform/ip-address.ts'
import type { Db } from '../../platform/db.ts'
import { hmac } from '../../platform/crypto.ts'
import { consumeAll, rateLimit } from '../../platform/rate-limit.ts'

const minutes = 60
/** How many accounts may fail in ten minutes: a crew of two hundred behind one router, all of whom mistype once, and a half more. */
const mostAccounts = 300
/** How many attempts may fail: each of those people has three, and some to spare. */
const mostAttempts = 1000

/** An attempt that was counted, until it turns out what it was. A wrong one stays counted. */
export interface Counted {
  /** It was not judged. */
  giveBack(): Promise<void>
  /** It was right: the account does not count among those that fail here any more. */
  forgive(): Promise<void>
  /** Whether the network has none left, so that it waits from now on. */
  isLast(): Promise<boolean>
}

const nothing = () => Promise.resolve()
export const uncounted: Counted = {
  giveBack: nothing,
  forgive: nothing,
  isLast: () => Promise.resolve(false),
}

/**
 * What one network may get wrong with browsers that the account was never used with: so many attempts, and attempts at
 * so many accounts, however slow at each. It is for floods of passwords from lists. Known browsers are not counted and
 * not refused, and the account's own count holds for everyone.
 */
export function networkLimits(db: Db, key: Buffer) {
  const attempts = rateLimit(db, 'sign-in', mostAttempts, 10 * minutes)
  const accounts = rateLimit(db, 'sign-in-accounts', mostAccounts, 10 * minutes)
  const failing = rateLimit(db, 'sign-in-account', 1, 10 * minutes)

  return {
    async take(ip: string | null, email: string): Promise<Counted | { wait: number }> {
      const from = network(ip)
      const account = hmac(key, `${from} ${email}`).toString('base64url')
      const both = [attempts, accounts].map((limit) => [limit, from] as [typeof limit, string])
      const wait = await consumeAll(both)
      if (wait !== null) return { wait }
      const first = (await failing.take(account)) === null
      if (!first) await accounts.giveBack(from) // it is among them already
      const leave = async () => {
        if (await failing.giveBack(account)) await accounts.giveBack(from)
      }
      return {
        async giveBack() {
          await attempts.giveBack(from)
          if (first) await leave()
        },
        async forgive() {
          await attempts.giveBack(from)
          await leave()
        },
        isLast: async () => (await attempts.isSpent(from)) || (await accounts.isSpent(from)),
      }
    },
  }
}
export type NetworkLimits = ReturnType<typeof networkLimits>
