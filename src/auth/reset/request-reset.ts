import type { RequestContext, Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { enqueueAlone } from '../../platform/jobs.ts'
import { lockUsers } from '../sessions/lock-users.ts'
import { selectOptionalUserByEmail } from '../../people/queries.ts'
import type { RequestLimits } from './limits.ts'
import { sendResetOrVerification } from './send-reset-or-verification.ts'

/**
 * Requests a password reset for an address. The answer never shows whether the address has an account: a job is
 * queued, the same for every address, and does the rest. (ASVS 6.3.8) Refused if the network asked too often.
 * Returns the seconds to wait if a link was sent a short while ago: then nothing is sent, and that link stays valid.
 */
export async function requestPasswordReset(
  db: Db,
  limits: RequestLimits,
  by: RequestContext<null>,
  email: string,
): Promise<number | null> {
  const [waitOfNetwork = null, wait = null] = await limits.take(by.ip, email)
  if (waitOfNetwork !== null) throw new TooManyRequests(waitOfNetwork)
  const { ip, userAgent, requestId } = by
  const request = { email: wait === null ? email : null, ip, userAgent, requestId }
  await enqueueAlone(db, 'answer_reset_request', request)
  return wait
}

/** Resends an invitation. A later module provides it. */
type ResendInvitation = (tx: Tx, by: RequestContext<null>, to: Person) => Promise<unknown>

/**
 * The job of a reset request. It records the request. It emails active people a link, and invited people their
 * invitation. Others get nothing.
 */
export async function processResetRequest(
  db: Db,
  resendInvitation: ResendInvitation,
  request: { email: string } & Omit<RequestContext<null>, 'actor'>,
): Promise<void> {
  const { email, ...from } = request
  const by = { ...from, actor: null }
  await db.transaction(async (tx) => {
    const found = await selectOptionalUserByEmail(tx, email)
    if (found) await lockUsers(tx, [found.id])
    const user = await selectOptionalUserByEmail(tx, email)
    record(tx, by, { event: 'password_reset_requested', subject: user })
    if (user?.status === 'active') await sendResetOrVerification(tx, by, user)
    if (user?.status === 'invited') await resendInvitation(tx, by, user)
  })
}
