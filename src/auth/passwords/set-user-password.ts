import type { Actor, RequestContext, Target } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import { record } from '../../activity/record.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { NotFound, Forbidden } from '../../platform/web/errors.ts'
import type { UserRow } from '../../people/queries.ts'
import { lockAndAuthorizeUser } from '../../people/authorize.ts'
import { accessDenied } from '../../people/access-denied.ts'
import { hasNoPassword } from '../../people/status-transitions.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { validateAndHash, faultOf } from './validate-and-hash.ts'
import type { PasswordServices } from './password-services.ts'
import { passwordChangedByAdminEmail } from './emails.ts'
import { selectOptionalCredential, updatePassword } from './queries.ts'

export interface AdminPasswordChange {
  newPassword: string
  confirmPassword: string
  /** Temporary: it must be replaced at the next sign-in, and dies unless it is. */
  mustChange: boolean
  endSessions: boolean
  /** Where in the application it was done, for the record. */
  from: string
}

export interface AdminPasswordChanged {
  /** Where they are told of it. */
  email: string
  temporary: boolean
  sessionsEnded: number
}

/**
 * The office sets somebody's password. Hash, ended sessions, cleared throttle, record and letter are all there
 * afterwards, or none of them. Refuses, by throwing `Refused`, whom the actor may not reach and who never chose one; a bad
 * password comes back as words beside its field. (NIST SP 800-63B-4 §3.1.1.1, ASVS 6.4.1, 6.4.6, 7.4.3)
 */
export async function setUserPassword(
  { db, hasher, loginAttempts, loadCompany, lockCompany }: PasswordServices,
  by: RequestContext<Actor>,
  target: Target,
  change: AdminPasswordChange,
): Promise<Result<AdminPasswordChanged>> {
  if (!can(by.actor, 'passwords.change', target)) throw accessDenied(by.actor, 'passwords.change', target)
  const credential = await selectOptionalCredential(db, target.id)
  if (!credential) throw new NotFound()
  const chosen = await validateAndHash(hasher, await loadCompany(), target, credential, change)
  if (!chosen.ok) return chosen

  return db.transaction(async (tx) => {
    const user = await lockAndAuthorizeUser(tx, by, 'passwords.change', target.id)
    assertHasPassword(user)
    const company = await lockCompany(tx)
    const fault = faultOf(company, user, change.newPassword)
    if (fault) return invalid(fault)
    const temporary = change.mustChange || !company.lastingPasswordsAllowed
    const changed = await updatePassword(tx, {
      ...{ userId: user.id, hash: chosen.value, method: 'admin', changedBy: by.actor.id },
      temporaryHours: temporary ? company.temporaryPasswordHours : null,
      credentialVersion: credential.credential_version,
    })
    if (!changed)
      return invalid({ form: 'Somebody else changed this password just now. Look again before you do.' })
    const sessionsEnded = change.endSessions ? await endSessions(tx, by, user) : 0
    await loginAttempts.clear(tx, user.email)
    const expiresAt = changed.temporary_password_expires_at
    const details = { temporary, expires_at: expiresAt, sessions_ended: sessionsEnded, from: change.from }
    record(tx, by, { event: 'password_change', method: 'admin', subject: user, details })
    await enqueueEmail(
      tx,
      passwordChangedByAdminEmail(user, by, { temporary, signedOut: change.endSessions, at: new Date() }),
    )
    return ok({ email: user.email, temporary, sessionsEnded })
  })
}

/** A password of the office's would end their invitation, and let nobody in: they stay invited. (ASVS 6.4.1) */
export function assertHasPassword(user: UserRow): void {
  if (!hasNoPassword(user)) return
  const { name, status } = user
  throw new Forbidden({
    heading: `${name} has no password yet`,
    ...(status === 'blocked'
      ? {
          message:
            'They were blocked before they accepted their invitation, so there is none to change. Nothing was changed.',
          advice: 'An Admin unblocks them and sends the invitation again.',
        }
      : {
          message:
            'They are invited, and choose their first password by the link of their invitation. Nothing was changed.',
          advice:
            'If it did not arrive, an Admin sends it again, or they ask for it themself by “Forgot your password?”.',
        }),
  })
}
