import type { Tx } from '../../platform/db.ts'
import { updatePasswordInvalidated } from './queries.ts'

/**
 * Takes a password that somebody else knows out of use: only a reset gives the account one again, and never the same.
 * (NIST SP 800-63B-4 §3.1.1.2)
 */
export async function invalidatePassword(tx: Tx, userId: string): Promise<void> {
  await updatePasswordInvalidated(tx, userId)
}
