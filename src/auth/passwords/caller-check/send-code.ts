import { randomBytes } from 'node:crypto'
import type { Actor, RequestContext, Target } from '../../../access/actor.ts'
import { record } from '../../../activity/record.ts'
import { enqueueEmail } from '../../../platform/email/queue.ts'
import { invalid, ok, type Result } from '../../../platform/result.ts'
import { lockAndAuthorizeUser } from '../../../people/authorize.ts'
import { issueLink } from '../../links/issue-link.ts'
import type { PasswordServices } from '../password-services.ts'
import { callerCodeEmail } from './emails.ts'
import type { CallerCheckLimits } from './limits.ts'
import { insertCode, selectAddressState } from './queries.ts'

/**
 * Emails a person a code that they read back on the phone. It goes to the verified address on file and nowhere else.
 * (ASVS 6.6.2, 6.4.4)
 */
export async function sendCallerCode(
  { db }: Pick<PasswordServices, 'db'>,
  limits: CallerCheckLimits,
  by: RequestContext<Actor>,
  target: Target,
): Promise<Result<void>> {
  if (!(await selectAddressState(db, target.id)).verified) return invalid({ code: unverified })
  await limits.takeCode(by.actor, target, by.ip)
  return db.transaction(async (tx) => {
    const user = await lockAndAuthorizeUser(tx, by, 'passwords.change', target.id)
    const address = await selectAddressState(tx, user.id)
    if (!address.verified) return invalid({ code: unverified })
    const linkId = await issueLink(tx, { purpose: 'not_my_call', userId: user.id })
    const code = { userId: user.id, officeId: by.actor.id, email: user.email, nonce: randomBytes(32), linkId }
    const { id, until } = await insertCode(tx, code)
    await enqueueEmail(tx, callerCodeEmail(user, by, { checkId: id, linkId, until }))
    record(tx, by, { event: 'caller_code_sent', subject: user, details: addressDetails(address) })
    return ok(undefined)
  })
}

/** The log says that the address was new: the person who changed it may have made the call. */
export const addressDetails = (address: Awaited<ReturnType<typeof selectAddressState>>) =>
  address.recentlyChanged ? { email_changed_at: address.emailChangedAt } : {}

const unverified = 'Their email address is not verified, so no code can be sent. Choose one of the others.'
