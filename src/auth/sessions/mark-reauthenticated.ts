import type { Tx } from '../../platform/db.ts'
import { updateReauthenticated } from './queries.ts'

/**
 * Records that the password was entered just now in this session, for step-up. It counts while the account’s
 * credential version stays the one at which the password was verified. It does not prolong the session.
 */
export async function markReauthenticated(
  tx: Tx,
  sessionId: string,
  credentialVersion: number,
): Promise<void> {
  await updateReauthenticated(tx, sessionId, credentialVersion)
}
