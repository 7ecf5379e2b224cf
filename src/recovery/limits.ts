import type { Db } from '../foundation/db.ts'
import { network } from '../foundation/address.ts'
import { hmac } from '../foundation/keys.ts'
import { takeFromAll, throttle } from '../foundation/throttle.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** How often an address may be asked for: beyond it nothing is sent. Unknown ones count alike. */
export function accountLimits(db: Db, key: Buffer) {
  const windows = [
    throttle(db, 'forgot-gap', 1, 5 * minute),
    throttle(db, 'forgot-hour', 3, hour),
    throttle(db, 'forgot-day', 6, day),
  ]
  return {
    async take(email: string): Promise<number | null> {
      const account = hmac(key, email).toString('base64url')
      return takeFromAll(windows.map((window) => [window, account]))
    },
  }
}
export type AccountLimits = ReturnType<typeof accountLimits>

/**
 * What one network may ask for: a crew of two hundred behind one router forgot their passwords, and a half more. And how
 * many links it may try that nobody was ever sent; real ones are not counted.
 */
export function networkLimits(db: Db) {
  const asking = [
    throttle(db, 'forgot-network', 300, 10 * minute),
    throttle(db, 'forgot-network-day', 1500, day),
  ]
  const choosing = throttle(db, 'reset-choice', 20, 10 * minute)
  const guessing = throttle(db, 'link-guess', 20, 10 * minute)
  return {
    async takeAsk(ip: string | undefined): Promise<number | null> {
      return takeFromAll(asking.map((window) => [window, network(ip)]))
    },
    /** Counts a new password that is judged for one link. */
    takeChoice: (linkId: string): Promise<number | null> => choosing.take(linkId),
    /** Counts a link that nobody was ever sent. */
    takeGuess: (ip: string | undefined): Promise<number | null> => guessing.take(network(ip)),
  }
}
export type NetworkLimits = ReturnType<typeof networkLimits>
