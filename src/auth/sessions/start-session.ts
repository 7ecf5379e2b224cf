import type { Tx } from '../../platform/db.ts'
import { insertSession } from './queries.ts'

export interface SessionStart {
  user: { id: string; credential_version: number }
  remembered: boolean
  ip: string | null
  userAgent: string | null
}

/**
 * Starts a session for a user whose password was verified at this credential version, or none if it has changed
 * since. Returns when the session ends by policy, however it is used: after the remembered days for a fieldworker
 * who selected Remember me, else after the office hours limit. (ASVS 7.3.2, NIST SP 800-63B-4 §2.1.3)
 */
export async function startSession(tx: Tx, { user, remembered, ip, userAgent }: SessionStart) {
  return insertSession(tx, {
    userId: user.id,
    credentialVersion: user.credential_version,
    remembered,
    ip,
    userAgent,
  })
}
