import { network } from '../../platform/ip-address.ts'
import type { Db } from '../../platform/db.ts'
import { hmac } from '../../platform/crypto.ts'
import { rateLimit, takeInOrder, type Limited } from '../../platform/rate-limit.ts'

const minutes = 60
/**
 * Accounts that may fail in ten minutes: a crew of two hundred behind one router who all mistype once, and half as
 * many more.
 */
const maxAccounts = 300
/** Attempts that may fail: three for each of those people, and some to spare. */
const maxAttempts = 1000

/** An attempt that is counted until its result is known. A failed one stays counted. */
export interface CountedAttempt {
  /** The attempt was not checked. */
  giveBack(): Promise<void>
  /** The attempt succeeded: the account no longer counts among those that fail in this network. */
  forgive(): Promise<void>
  /** Whether the network has no attempts left. */
  isLast(): Promise<boolean>
}

const noop = () => Promise.resolve()
export const uncounted: CountedAttempt = {
  giveBack: noop,
  forgive: noop,
  isLast: () => Promise.resolve(false),
}

/**
 * Limits the failures of one network: attempts, and the accounts they are for, however slow. It stops floods of
 * passwords from lists. Browsers known to the account are neither counted nor rejected. The account’s own limit
 * applies to everyone.
 */
export function networkLimits(db: Db, key: Buffer) {
  const attempts = rateLimit(db, 'sign-in', maxAttempts, 10 * minutes)
  const accounts = rateLimit(db, 'sign-in-accounts', maxAccounts, 10 * minutes)
  const failing = rateLimit(db, 'sign-in-account', 1, 10 * minutes)

  return {
    async take(ip: string | null, email: string): Promise<CountedAttempt | { wait: number }> {
      const from = network(ip)
      const account = hmac(key, `${from} ${email}`).toString('base64url')
      const ofNetwork = [attempts, accounts].map((limit): Limited => [limit, from])
      const [wait = null, known = null] = await takeInOrder(db, [ofNetwork, [[failing, account]]])
      if (wait !== null) return { wait }
      const first = known === null
      if (!first) await accounts.giveBack(from) // it is counted already
      const removeAccount = async () => {
        if (await failing.giveBack(account)) await accounts.giveBack(from)
      }
      return {
        async giveBack() {
          await Promise.all([attempts.giveBack(from), first && removeAccount()])
        },
        async forgive() {
          await Promise.all([attempts.giveBack(from), removeAccount()])
        },
        isLast: async () => (await attempts.isSpent(from)) || (await accounts.isSpent(from)),
      }
    },
  }
}
export type NetworkLimits = ReturnType<typeof networkLimits>
