import type { By, Person } from '../access/actor.ts'
import type { Tx } from '../foundation/db.ts'
import { sendResetLink, sendResetLinkAgain } from '../passwords/reset-link.ts'
import { sendVerification, sendVerificationAgain } from '../verification/send.ts'

/** What helps somebody back in: a reset link, or, where the address is unverified, its verification, which leads on. */
export async function sendWayBack(
  tx: Tx,
  by: By,
  to: Person & { email_verified_at: Date | null },
): Promise<void> {
  await (to.email_verified_at ? sendResetLink(tx, by, to) : sendVerification(tx, by, to, 'reset'))
}

/** The same by the office, which may ask twice: says whether it is the link of a few minutes ago. */
export function sendWayBackAgain(
  tx: Tx,
  by: By<Person>,
  to: Person & { email_verified_at: Date | null },
): Promise<boolean> {
  return to.email_verified_at ? sendResetLinkAgain(tx, by, to) : sendVerificationAgain(tx, by, to, 'reset')
}
