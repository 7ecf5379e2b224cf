import type { Queryable, Tx } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { hmac } from '../../platform/crypto.ts'
import { Overloaded } from '../../platform/overloaded.ts'
import {
  deleteOldAttempts,
  deleteAttempts,
  insertAttempt,
  maxFailures,
  selectOptionalWait,
  updateForgiven,
  refundAttempt,
} from './queries.ts'

/** An attempt that was checked, or why it was not: how long to wait, or `disabled` when waiting no longer helps. */
export type AttemptResult =
  | { checked: true; correct: boolean; failures: number }
  | { checked: false; retryAfter: number; disabled: boolean }

const unknownDevice = Buffer.alloc(0)

/**
 * Counts attempts at the password of an account, wherever they are made. Known and unknown addresses count alike,
 * and the table contains neither: its key is an HMAC of the address. Each browser that the owner has signed in with
 * has a count of its own, so that strangers’ failed attempts do not lock the owner out.
 */
export class LoginAttempts {
  readonly #key: Buffer

  constructor(key: Buffer) {
    this.#key = key
  }

  /** Counts an attempt, then checks it. So of concurrent attempts no more are checked than allowed (ASVS 6.3.1). */
  async check(
    db: Queryable,
    email: string,
    known: { hash: Buffer } | undefined,
    verify: () => Promise<boolean>,
  ): Promise<AttemptResult> {
    const [account, device] = [this.accountOf(email), known?.hash ?? unknownDevice]
    const failures = await insertAttempt(db, account, device)
    if (failures === undefined) {
      const wait = await selectOptionalWait(db, account, device)
      return {
        checked: false,
        retryAfter: Math.max(1, wait?.seconds ?? 1),
        disabled: (wait?.failures ?? 0) >= maxFailures,
      }
    }
    try {
      return { checked: true, correct: await verify(), failures }
    } catch (error) {
      if (error instanceof Overloaded) await refundAttempt(db, account, device) // our fault, not theirs
      throw error
    }
  }

  /** Resets the counts after a correct or a new password. */
  clear(tx: Tx, email: string): void {
    deleteAttempts(tx, this.accountOf(email))
  }

  /**
   * Ends the wait after wrong passwords, on every browser. Returns how many there were, or undefined if there was no
   * wait. The failures still count towards those that disable the password: guessing gains nothing.
   */
  async unlock(tx: Tx, email: string): Promise<number | undefined> {
    const waits = (await updateForgiven(tx, this.accountOf(email))).filter(({ waited }) => waited)
    return waits.length > 0 ? Math.max(...waits.map(({ failures }) => failures)) : undefined
  }

  /** The name of an account in the table of failures. */
  accountOf(email: string): Buffer {
    return hmac(this.#key, email)
  }
}

/** Deletes old failed attempts. */
export const purgeLoginAttempts = (db: Queryable): Promise<void> =>
  inBatches((most) => deleteOldAttempts(db, most))
