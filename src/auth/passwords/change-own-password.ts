import { stepUpMinutes, type Actor, type RequestContext } from '../../access/actor.ts'
import type { PasswordMethod } from '../../activity/event-types.ts'
import { record } from '../../activity/record.ts'
import { enqueueEmail } from '../../platform/email/queue.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { endSessions } from '../sessions/end-sessions.ts'
import { markReauthenticated } from '../sessions/mark-reauthenticated.ts'
import { reauthorize } from '../sessions/reauthorize.ts'
import { validateAndHash, faultOf, faultsOfBoth, missing } from './validate-and-hash.ts'
import type { PasswordServices } from './password-services.ts'
import { verifyCurrentPassword } from './reauthenticate.ts'
import { passwordChangedEmail } from './emails.ts'
import { selectOptionalCredential, updatePassword, type Credential } from './queries.ts'

interface Choice {
  newPassword: string
  confirmPassword: string
}
type Changed = Result<{ sessionsEnded: number }>

/**
 * Somebody changes their own password, with the old one beside it; a temporary or an expired one is replaced the same way. Their
 * other sessions end and this one goes on; the caller gives it a new id. (ASVS 6.2.2, 6.2.3, 7.4.3)
 */
export async function changeOwnPassword(
  services: PasswordServices,
  by: RequestContext<Actor>,
  change: Choice & { currentPassword: string },
): Promise<Changed> {
  const { currentPassword } = change
  const credential =
    currentPassword === '' ? undefined : await verifyCurrentPassword(services, by, currentPassword)
  if (!credential) {
    const faults = faultsOfBoth(await services.loadCompany(), by.actor, change)
    return invalid({ currentPassword: currentPassword === '' ? missing : wrong, ...faults })
  }
  if (credential.died) return invalid({ currentPassword: expired })
  return replace(services, by, credential, change, 'self')
}

/** The same on the phone, where the password proven in this session a short while ago stands for the old one. */
export async function changeOwnPasswordOnMobile(
  services: PasswordServices,
  by: RequestContext<Actor>,
  change: Choice,
): Promise<Changed> {
  if (by.actor.secondsSinceReauth > stepUpMinutes.mobile * 60) return invalid({ form: reauthenticateFirst })
  const credential = await ownCredential(services, by)
  if (credential.died) return invalid({ form: expired })
  return replace(services, by, credential, change, 'mobile')
}

async function ownCredential(
  { db }: PasswordServices,
  { actor }: RequestContext<Actor>,
): Promise<Credential> {
  const credential = await selectOptionalCredential(db, actor.id)
  if (!credential) throw new NotFound()
  return credential
}

async function replace(
  { db, hasher, loadCompany, lockCompany }: PasswordServices,
  by: RequestContext<Actor>,
  credential: Credential,
  choice: Choice,
  how: PasswordMethod,
): Promise<Changed> {
  const { actor } = by
  if (!actor.emailVerified) return invalid({ form: unverified })
  const chosen = await validateAndHash(hasher, await loadCompany(), actor, credential, choice)
  if (!chosen.ok) return chosen
  const { temporary, expired } = credential
  const method = temporary || expired ? 'forced' : how
  return db.transaction(async (tx) => {
    const now = await reauthorize(tx, by)
    const { actor: self } = now
    if (!self.emailVerified) return invalid({ form: unverified })
    if (how === 'mobile' && self.secondsSinceReauth > stepUpMinutes.mobile * 60)
      return invalid({ form: reauthenticateFirst })
    const fault = faultOf(await lockCompany(tx), self, choice.newPassword)
    if (fault) return invalid(fault)
    const changed = await updatePassword(tx, {
      ...{ userId: self.id, hash: chosen.value, method, changedBy: self.id },
      ...{ temporaryHours: null, credentialVersion: credential.credential_version },
    })
    if (!changed) return invalid({ form: 'This password was changed elsewhere just now. Sign in again.' })
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

const wrong = 'That is not your current password. Type it as you did when you signed in.'
const expired = 'This temporary password has expired. Ask your office for another one, or for a reset link.'
const unverified = 'Verify your email first.'
const reauthenticateFirst = 'Enter your password once more first.'
