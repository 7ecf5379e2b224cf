import { createHash } from 'node:crypto'
import type { Actor, RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { NotFound, TooManyRequests } from '../../platform/web/errors.ts'
import { endSession } from '../sessions/end-sessions.ts'
import { markReauthenticated } from '../sessions/queries.ts'
import { reauthorize } from '../sessions/reauthorize.ts'
import type { PasswordServices } from './password-services.ts'
import { selectOptionalCredential, type Credential } from './queries.ts'

const maxFailures = 5

export type Verified = { credential: Credential } | { credential?: never; endedSession: boolean }

/**
 * Verifies the current password of a signed-in person. A wrong one counts like one at sign-in. The fifth in a row
 * ends the session, since the person using it may not be its owner. (ASVS 6.2.3, 7.5.3)
 */
export async function verifyCurrentPassword(
  { db, hasher, loginAttempts }: PasswordServices,
  by: RequestContext<Actor>,
  password: string,
): Promise<Verified> {
  const { actor } = by
  const credential = await selectOptionalCredential(db, actor.id)
  if (!credential) throw new NotFound()
  const verify = () => hasher.verify(credential.password_hash, password)
  const device = { hash: createHash('sha256').update(actor.sessionId).digest() } // a separate count, so that strangers cannot lock the owner out
  const attempt = await loginAttempts.check(db, actor.email, device, verify)
  if (!attempt.checked) throw new TooManyRequests(attempt.retryAfter)
  const endsSession = !attempt.correct && attempt.failures >= maxFailures
  await db.transaction(async (tx) => {
    if (attempt.correct) return loginAttempts.clear(tx, actor.email)
    record(tx, by, { event: 'sign_in_failed', subject: actor, details: { reason: 'wrong_current_password' } })
    if (!endsSession) return
    const details = { reason: 'wrong_passwords', failures: attempt.failures } as const
    record(tx, by, { event: 'sign_in_throttled', subject: actor, details })
    await endSession(tx, by, actor.sessionId)
  })
  return attempt.correct ? { credential } : { endedSession: endsSession }
}

/** What is wrong with a password that is not the current one. */
export const wrongPassword = ({ endedSession }: { endedSession: boolean }, usual = wrong): string =>
  endedSession ? sessionEndedText : usual

/** Step-up: a signed-in person enters their password again (ASVS 7.5.3). */
export async function reauthenticate(
  services: PasswordServices,
  by: RequestContext<Actor>,
  password: string,
): Promise<Result<void>> {
  const verified = await verifyCurrentPassword(services, by, password)
  const { credential } = verified
  if (!credential) return invalid({ password: wrongPassword(verified) })
  await services.db.transaction(async (tx) => {
    await reauthorize(tx, by)
    await markReauthenticated(tx, by.actor.sessionId, credential.credential_version)
  })
  return ok(undefined)
}

const wrong = 'That isn’t your password. Enter the one you signed in with.'
/** Says of the fifth wrong password that it ended the session. */
export const sessionEndedText =
  'That isn’t your password either. After five wrong passwords in a row you were signed out. Nothing was changed. Sign in again.'
