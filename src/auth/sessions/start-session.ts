import type { Tx } from '../../platform/db.ts'
import { insertSession } from './queries.ts'

export interface SessionStart {
  user: { id: string; credential_version: number }
  remembered: boolean
  ip: string | null
  userAgent: string | null
}

/**
 * Begins a session for a user whose password was verified at this epoch; none when it was changed since. Says when it
 * ends, whatever its use, by the company's policy: after the remembered days for a fieldworker who ticked Remember me,
 * after the hours of the office for everyone else. (ASVS 7.3.2, NIST SP 800-63B-4 §2.1.3)
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
