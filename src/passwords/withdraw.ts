import type { Tx } from '../foundation/db.ts'
import { updatePasswordWithdrawn } from './queries.ts'

/**
 * Takes a password that somebody else knows out of use: only a reset gives the account one again, and never the same.
 * (NIST SP 800-63B-4 §3.1.1.2)
 */
export async function withdrawPassword(tx: Tx, userId: string): Promise<void> {
  await updatePasswordWithdrawn(tx, userId)
}
