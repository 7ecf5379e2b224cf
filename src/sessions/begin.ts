import type { Role } from '../access/actor.ts'
import type { Tx } from '../foundation/db.ts'
import { insertSession } from './queries.ts'

const officeHours = 12

export interface Beginning {
  user: { id: string; auth_epoch: number; role: Role }
  remembered: boolean
  rememberDays: number
  ip: string | null
  userAgent: string | null
}

/**
 * Begins a session for a user whose password was verified at this epoch; none when it was changed since. Says when it
 * ends, whatever its use: after the remembered days for a fieldworker who ticked Remember me, after twelve hours for
 * everyone else. (ASVS 7.3.2, NIST SP 800-63B-4 §2.1.3)
 */
export async function beginSession(tx: Tx, beginning: Beginning) {
  const { user, remembered, rememberDays, ip, userAgent } = beginning
  const hours = remembered && user.role.permissions.length === 0 ? rememberDays * 24 : officeHours
  return insertSession(tx, { userId: user.id, authEpoch: user.auth_epoch, remembered, hours, ip, userAgent })
}
