import type { Queryable } from '../foundation/db.ts'
import { hmac } from '../foundation/keys.ts'
import { deleteTries, insertTry, selectWait } from './queries.ts'

/** A try that may be judged, or the reason why not: how long to wait, or `disabled` when waiting no longer helps. */
export type Try = { open: true; failures: number } | { open: false; retryAfter: number; disabled: boolean }

const strangers = Buffer.alloc(0)

/**
 * The tries at one account's password, wherever they are made. Known and unknown addresses count alike, and the table
 * names neither: its key is an HMAC of the address. A browser that the owner signed in with before has a count of its
 * own, so that strangers' wrong tries do not shut the owner out.
 */
export class Tries {
  readonly #key: Buffer

  constructor(key: Buffer) {
    this.#key = key
  }

  async begin(db: Queryable, email: string, known?: { hash: Buffer }): Promise<Try> {
    const account = hmac(this.#key, email)
    const device = known?.hash ?? strangers
    const failures = await insertTry(db, account, device)
    if (failures !== undefined) return { open: true, failures }
    const wait = await selectWait(db, account, device)
    return { open: false, retryAfter: wait.seconds, disabled: wait.failures >= 100 }
  }

  /** A right password, or a new one, wipes the slate. */
  async clear(db: Queryable, email: string): Promise<void> {
    await deleteTries(db, hmac(this.#key, email))
  }
}
