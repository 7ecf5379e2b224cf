import { stepUpMinutes, type Actor, type RequestContext } from '../../access/actor.ts'
import type { PasswordMethod } from '../../activity/event-types.ts'
import { record } from '../../activity/record.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import type { Queryable } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { markReauthenticated } from '../sessions/queries.ts'
import { reauthorize } from '../sessions/reauthorize.ts'
import { validateAndHash, passwordErrors, newPasswordErrors, type Choice } from './validate-and-hash.ts'
import type { PasswordServices } from './password-services.ts'
import { verifyCurrentPassword, wrongPassword } from './reauthenticate.ts'
import { passwordChangedEmail } from './emails.ts'
import { selectOptionalCredential, updatePassword, type Credential } from './queries.ts'

type ChangeResult = Result<{ sessionsEnded: number }>

/**
 * Changes one’s own password; the current one is asked for. A temporary or expired password is replaced the same
 * way. The person’s other sessions end. This one continues, and the caller gives it a new id. (ASVS 6.2.2, 6.2.3,
 * 7.4.3)
 */
export async function changeOwnPassword(
  services: PasswordServices,
  by: RequestContext<Actor>,
  change: Choice & { currentPassword: string },
): Promise<ChangeResult> {
  const { currentPassword } = change
  const verified =
    currentPassword === '' ? undefined : await verifyCurrentPassword(services, by, currentPassword)
  if (!verified?.credential) {
    const errors = newPasswordErrors(await services.loadCompany(), by.actor, change)
    return invalid({ currentPassword: verified ? wrongPassword(verified, wrong) : missing, ...errors })
  }
  const { credential } = verified
  if (credential.temporary_expired) return invalid({ currentPassword: temporaryExpired })
  return replace(services, by, credential, change, 'self')
}

/**
 * Changes one’s own password under /m. A password entered in this session a few minutes ago counts as the current
 * one.
 */
export async function changeOwnPasswordOnMobile(
  services: PasswordServices,
  by: RequestContext<Actor>,
  change: Choice,
): Promise<ChangeResult> {
  if (by.actor.secondsSinceReauth > stepUpMinutes.mobile * 60) return invalid({ form: reauthenticateFirst })
  const credential = await ownCredential(services.db, by)
  if (credential.temporary_expired) return invalid({ form: temporaryExpired })
  return replace(services, by, credential, change, 'mobile')
}

async function ownCredential(db: Queryable, { actor }: RequestContext<Actor>): Promise<Credential> {
  const credential = await selectOptionalCredential(db, actor.id)
  if (!credential) throw new NotFound()
  return credential
}

async function replace(
  { db, hasher, loadCompany, lockCompany }: PasswordServices,
  by: RequestContext<Actor>,
  credential: Credential,
  choice: Choice,
  usualMethod: PasswordMethod,
): Promise<ChangeResult> {
  const { actor } = by
  if (!actor.emailVerified) return invalid({ form: unverified })
  const hashed = await validateAndHash(hasher, await loadCompany(), actor, credential, choice)
  if (!hashed.ok) return hashed
  const { temporary, expired } = credential
  const method = temporary || expired ? 'forced' : usualMethod
  return db.transaction(async (tx) => {
    const company = await lockCompany(tx)
    const now = await reauthorize(tx, by)
    const { actor: self } = now
    if (!self.emailVerified) return invalid({ form: unverified })
    if (usualMethod === 'mobile' && self.secondsSinceReauth > stepUpMinutes.mobile * 60)
      return invalid({ form: reauthenticateFirst })
    if ((await ownCredential(tx, now)).temporary_expired)
      return invalid({ [usualMethod === 'self' ? 'currentPassword' : 'form']: temporaryExpired })
    const errors = passwordErrors(company, self, choice.newPassword)
    if (errors) return invalid(errors)
    const changed = await updatePassword(tx, {
      userId: self.id,
      hash: hashed.value,
      method,
      changedBy: self.id,
      temporaryHours: null,
      credentialVersion: credential.credential_version,
    })
    if (!changed) return invalid({ form: 'This password has just been changed elsewhere. Sign in again.' })
    const sessionsEnded = await endSessions(tx, now, self, self.sessionId)
    await markReauthenticated(tx, self.sessionId, changed.credential_version)
    record(tx, now, {
      event: 'password_change',
      method,
      subject: self,
      details: { sessions_ended: sessionsEnded, ...(expired ? { expired } : {}) },
    })
    await enqueueEmail(tx, passwordChangedEmail(self, now, { at: new Date() }))
    return ok({ sessionsEnded })
  })
}

const missing = 'Enter your current password.'
const wrong = 'That isn’t your current password. Enter the one you signed in with.'
const temporaryExpired =
  'This temporary password has expired. Ask your office for another one, or for a reset link.'
const unverified = 'Verify your email first.'
const reauthenticateFirst = 'Enter your password again first.'
