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
import { validateAndHash, passwordErrors, type Choice } from './validate-and-hash.ts'
import type { Statement } from './caller-check/answer-check.ts'
import { callerCheckErrors, useCallerCheck } from './caller-check/use-check.ts'
import type { PasswordServices } from './password-services.ts'
import { passwordChangedByOfficeEmail } from './emails.ts'
import { selectOptionalCredential, updatePassword } from './queries.ts'

export interface AdminPasswordChange extends Choice {
  /** Temporary: it must be replaced at the next sign-in, or it expires. */
  mustChange: boolean
  endSessions: boolean
  /** Where in the app it was done, for the log. */
  from: string
  /** What the same form says about the caller, if they were not checked before. */
  caller: Statement | null
}

export interface AdminPasswordChanged {
  /** The address that is notified. */
  email: string
  /** When it expires if it is temporary. */
  temporaryUntil: Date | null
  sessionsEnded: number
}

/**
 * An admin sets a user’s password. The hash, the ended sessions, the reset counts, the event and the email are
 * saved together or not at all. Throws `Forbidden` if the actor has no access to the user, or the user has no
 * password yet. A rejected password returns errors for its fields. (NIST SP 800-63B-4 §3.1.1.1, ASVS 6.4.1, 6.4.6,
 * 7.4.3)
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
  const before = await loadCompany()
  const hashed = await validateAndHash(hasher, before, target, credential, change)
  const unchecked = await callerCheckErrors(db, before, by.actor, target, change.caller)
  if (!hashed.ok) return invalid({ ...unchecked, ...hashed.errors })

  return db.transaction(async (tx) => {
    const company = await lockCompany(tx) // before any person, as those who save the policy do
    const user = await lockAndAuthorizeUser(tx, by, 'passwords.change', target.id)
    assertHasPassword(user)
    const errors = passwordErrors(company, user, change.newPassword)
    const notChecked = await callerCheckErrors(tx, company, by.actor, user, change.caller)
    if (errors || Object.keys(notChecked).length > 0) return invalid({ ...notChecked, ...errors })
    const temporary = change.mustChange || !company.lastingPasswordsAllowed
    const changed = await updatePassword(tx, {
      userId: user.id,
      hash: hashed.value,
      method: 'admin',
      changedBy: by.actor.id,
      temporaryHours: temporary ? company.temporaryPasswordHours : null,
      credentialVersion: credential.credential_version,
    })
    if (!changed)
      return invalid({
        form: 'Someone else has just changed this password. Reload the page before you change it again.',
      })
    const sessionsEnded = change.endSessions ? await endSessions(tx, by, user) : 0
    loginAttempts.clear(tx, user.email)
    const expiresAt = changed.temporary_password_expires_at
    const checked = await useCallerCheck(tx, by, user, change.caller)
    const { from } = change
    const details = { temporary, expires_at: expiresAt, sessions_ended: sessionsEnded, from, ...checked }
    record(tx, by, { event: 'password_change', method: 'admin', subject: user, details })
    await enqueueEmail(
      tx,
      passwordChangedByOfficeEmail(user, by, { temporary, signedOut: change.endSessions, at: new Date() }),
    )
    return ok({ email: user.email, temporaryUntil: expiresAt, sessionsEnded })
  })
}

/**
 * An invited person stays invited: a password set by an admin would end their invitation and sign nobody in. (ASVS
 * 6.4.1)
 */
export function assertHasPassword(user: UserRow): void {
  if (!hasNoPassword(user)) return
  const { name, status } = user
  throw new Forbidden({
    heading: `${name} has no password yet`,
    ...(status === 'blocked'
      ? {
          message: 'They were blocked before they accepted their invitation. Nothing was changed.',
          advice: 'Ask an Admin to unblock them and resend the invitation.',
        }
      : {
          message: 'They choose their first password with the link in their invitation. Nothing was changed.',
          advice: 'If it didn’t arrive, ask an Admin to resend it, or they can use “Forgot your password?”.',
        }),
  })
}
