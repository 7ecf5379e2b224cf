import type { Db } from '../foundation/db.ts'
import { network } from '../foundation/address.ts'
import { hmac } from '../foundation/keys.ts'
import { throttle } from '../foundation/throttle.ts'

const minutes = 60

/**
 * What one network may get wrong: so many passwords, and passwords of so many accounts, however slow at each. Right ones
 * do not count, since a whole crew may sign in behind one address. The account's own count is taken before a password
 * is judged; this one after, so at most what is being judged at that moment goes beyond it.
 */
export function networkLimits(db: Db, key: Buffer) {
  const tries = throttle(db, 'sign-in', 30, 10 * minutes)
  const accounts = throttle(db, 'sign-in-accounts', 20, 10 * minutes)
  const seen = throttle(db, 'sign-in-account', 1, 10 * minutes)
  return {
    async wait(ip: string | null): Promise<number | null> {
      return (await tries.wait(network(ip))) ?? (await accounts.wait(network(ip)))
    },
    async countWrong(ip: string | null, email: string): Promise<void> {
      await tries.take(network(ip))
      const pair = hmac(key, `${network(ip)} ${email}`).toString('base64url')
      if ((await seen.take(pair)) === null) await accounts.take(network(ip))
    },
  }
}
export type NetworkLimits = ReturnType<typeof networkLimits>
