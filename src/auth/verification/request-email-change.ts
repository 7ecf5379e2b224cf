import type { Actor, RequestContext } from '../../access/actor.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { ok, invalid, type Errors, type Result } from '../../platform/result.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { issueLink } from '../links/issue-link.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import { verifyCurrentPassword } from '../passwords/reauthenticate.ts'
import { selectOptionalCredential } from '../passwords/queries.ts'
import { markReauthenticated } from '../sessions/mark-reauthenticated.ts'
import { reauthorize } from '../sessions/reauthorize.ts'
import { emailChangeEmail, emailChangeNoticeEmail } from './emails.ts'
import type { MailLimits } from './limits.ts'
import { selectEmailIsTaken } from './queries.ts'

/**
 * Somebody asks to use another address. Nothing moves yet: the new address confirms, the old one is told and can
 * object. An address that another account has gets no letter, and the answer is the same. (ASVS 7.5.1, 6.3.7)
 */
export async function requestEmailChange(
  services: PasswordServices,
  limits: MailLimits,
  by: RequestContext<Actor>,
  { email, password }: { email: string; password: string },
): Promise<Result<void>> {
  const { actor } = by
  const own = email === actor.email && { email: 'This is your address already. Type the new one.' }
  const proven = await verifyCurrentPassword(services, by, password)
  if (own || !proven) return invalid({ ...own, ...(proven ? {} : { password: wrong }) })
  const wait = await limits.take(actor.id, by.ip)
  if (wait !== null) throw new TooManyRequests(wait)
  return services.db.transaction(async (tx) => {
    await reauthorize(tx, by)
    const now = await selectOptionalCredential(tx, actor.id)
    if (now?.credential_version !== proven.credential_version)
      return invalid({ form: 'Your account was changed just now. Try again.' })
    await markReauthenticated(tx, actor.sessionId, proven.credential_version)
    const confirm = await issueLink(tx, { purpose: 'email_change', userId: actor.id, newEmail: email })
    if (!(await selectEmailIsTaken(tx, email)))
      await enqueueEmail(tx, emailChangeEmail(actor, by, email, confirm))
    // An address that nobody showed to be theirs can be told, but gets no say.
    const objection = actor.emailVerified
      ? { purpose: 'not_me' as const, userId: actor.id, newEmail: email }
      : undefined
    await enqueueEmail(
      tx,
      emailChangeNoticeEmail(actor, by, email, objection && (await issueLink(tx, objection))),
    )
    return ok(undefined)
  })
}

/** What is wrong with the password, to be told along with an address that cannot be read. */
export const passwordFault = async (
  services: PasswordServices,
  by: RequestContext<Actor>,
  password: string | undefined,
): Promise<Errors> =>
  password === undefined || (await verifyCurrentPassword(services, by, password)) ? {} : { password: wrong }

const wrong = 'That is not your password. Type it as you did when you signed in.'
