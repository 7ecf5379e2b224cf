import type { RequestContext, Person } from '../../access/actor.ts'
import type { Tx } from '../../platform/db.ts'
import { sendResetLink } from '../passwords/send-reset-link.ts'
import { sendVerification } from '../verification/send-verification.ts'

/**
 * Emails a person a reset link, or if their address is unverified, its verification, which leads on to the reset.
 * Returns whether it is the link of a few minutes ago.
 */
export function sendResetOrVerification(
  tx: Tx,
  by: RequestContext,
  to: Person & { email_verified_at: Date | null },
): Promise<boolean> {
  return to.email_verified_at ? sendResetLink(tx, by, to) : sendVerification(tx, by, to, 'reset')
}
