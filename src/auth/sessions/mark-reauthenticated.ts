import type { Tx } from '../../platform/db.ts'
import { updateReauthenticated } from './queries.ts'

/**
 * Notes that the password was entered just now in this session: what step-up asks about. It counts as long as the
 * account stays as it was when the password was verified (`credentialVersion`). The session ends no later for it.
 */
export async function markReauthenticated(
  tx: Tx,
  sessionId: string,
  credentialVersion: number,
): Promise<void> {
  await updateReauthenticated(tx, sessionId, credentialVersion)
}
