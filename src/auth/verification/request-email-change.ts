import type { Actor, RequestContext } from '../../access/actor.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { ok, invalid, type Errors, type Result } from '../../platform/result.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { issueLink } from '../links/issue-link.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import { verifyCurrentPassword, wrongPassword } from '../passwords/reauthenticate.ts'
import { selectOptionalCredential } from '../passwords/queries.ts'
import { markReauthenticated } from '../sessions/queries.ts'
import { reauthorize } from '../sessions/reauthorize.ts'
import { emailChangeEmail, emailChangeNoticeEmail } from './emails.ts'
import type { MailLimits } from './limits.ts'
import { selectEmailIsTaken } from './queries.ts'

/**
 * Requests a change of one’s email. Nothing changes yet: the new address must confirm, and the old one is told and
 * can dispute. If another account has the address it gets no email, and the answer is the same. (ASVS 7.5.1, 6.3.7)
 */
export async function requestEmailChange(
  services: PasswordServices,
  limits: MailLimits,
  by: RequestContext<Actor>,
  { email, password }: { email: string; password: string },
): Promise<Result<void>> {
  const { actor } = by
  const sameEmail = email === actor.email && { email: 'This is already your email. Enter the new one.' }
  const verified = await verifyCurrentPassword(services, by, password)
  const { credential } = verified
  if (!credential) return invalid({ ...sameEmail, password: wrongPassword(verified) })
  if (sameEmail) return invalid(sameEmail)
  const wait = await limits.take(actor.id, by.ip)
  if (wait !== null) throw new TooManyRequests(wait)
  return services.db.transaction(async (tx) => {
    await reauthorize(tx, by)
    const now = await selectOptionalCredential(tx, actor.id)
    if (now?.credential_version !== credential.credential_version)
      return invalid({ form: 'Your account has just changed. Try again.' })
    await markReauthenticated(tx, actor.sessionId, credential.credential_version)
    const confirm = await issueLink(tx, { purpose: 'email_change', userId: actor.id, newEmail: email })
    if (!(await selectEmailIsTaken(tx, email)))
      await enqueueEmail(tx, emailChangeEmail(actor, by, email, confirm))
    // An unverified old address is told, but cannot dispute.
    const dispute = actor.emailVerified
      ? { purpose: 'not_me' as const, userId: actor.id, newEmail: email }
      : undefined
    await enqueueEmail(
      tx,
      emailChangeNoticeEmail(actor, by, email, dispute && (await issueLink(tx, dispute))),
    )
    return ok(undefined)
  })
}

/** The error of the password, to show together with an error of the address. */
export async function currentPasswordErrors(
  services: PasswordServices,
  by: RequestContext<Actor>,
  password: string | undefined,
): Promise<Errors> {
  if (password === undefined) return {}
  const verified = await verifyCurrentPassword(services, by, password)
  return verified.credential ? {} : { password: wrongPassword(verified) }
}
