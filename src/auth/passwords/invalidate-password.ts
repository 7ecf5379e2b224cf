import type { Tx } from '../../platform/db.ts'
import { updatePasswordInvalidated } from './queries.ts'

/**
 * Invalidates a password that someone else knows. Only a reset sets a new one, and never the same. (NIST SP
 * 800-63B-4 §3.1.1.2)
 */
export async function invalidatePassword(tx: Tx, userId: string): Promise<void> {
  await updatePasswordInvalidated(tx, userId)
}
