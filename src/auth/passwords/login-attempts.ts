import type { Queryable } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { hmac } from '../../platform/crypto.ts'
import { Overloaded } from '../../platform/overloaded.ts'
import {
  deleteOldAttempts,
  deleteAttempts,
  insertAttempt,
  selectOptionalWait,
  refundAttempt,
} from './queries.ts'

/** A try that was judged, or the reason why not: how long to wait, or `disabled` when waiting no longer helps. */
export type AttemptResult =
  | { judged: true; right: boolean; failures: number }
  | { judged: false; retryAfter: number; disabled: boolean }

const strangers = Buffer.alloc(0)

/**
 * The tries at one account's password, wherever they are made. Known and unknown addresses count alike, and the table
 * names neither: its key is an HMAC of the address. A browser that the owner signed in with before has a count of its
 * own, so that strangers' wrong tries do not shut the owner out.
 */
export class LoginAttempts {
  readonly #key: Buffer

  constructor(key: Buffer) {
    this.#key = key
  }

  /** Counts a try, then judges it: of many at once no more are judged than are free (ASVS 6.3.1). */
  async check(
    db: Queryable,
    email: string,
    known: { hash: Buffer } | undefined,
    verify: () => Promise<boolean>,
  ): Promise<AttemptResult> {
    const [account, device] = [hmac(this.#key, email), known?.hash ?? strangers]
    const failures = await insertAttempt(db, account, device)
    if (failures === undefined) {
      const wait = await selectOptionalWait(db, account, device)
      return {
        judged: false,
        retryAfter: Math.max(1, wait?.seconds ?? 1),
        disabled: (wait?.failures ?? 0) >= 100,
      }
    }
    try {
      return { judged: true, right: await verify(), failures }
    } catch (error) {
      if (error instanceof Overloaded) await refundAttempt(db, account, device) // our fault, not theirs
      throw error
    }
  }

  /** A right password, or a new one, wipes the slate. */
  async clear(db: Queryable, email: string): Promise<void> {
    await deleteAttempts(db, hmac(this.#key, email))
  }
}

/** Forgets wrong tries of long ago. */
export const purgeLoginAttempts = (db: Queryable): Promise<void> =>
  inBatches((most) => deleteOldAttempts(db, most))
