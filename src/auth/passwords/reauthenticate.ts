import { createHash } from 'node:crypto'
import type { Actor, RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { NotFound, TooManyRequests } from '../../platform/web/errors.ts'
import { endSession } from '../sessions/end-sessions.ts'
import { markReauthenticated } from '../sessions/mark-reauthenticated.ts'
import { reauthorize } from '../sessions/reauthorize.ts'
import type { PasswordServices } from './password-services.ts'
import { selectOptionalCredential, type Credential } from './queries.ts'

const freeTries = 5

/**
 * Judges the current password of somebody who is signed in. A wrong one counts like one at the sign-in page; the fifth
 * in a row ends the session, since whoever holds it may not be its owner. (ASVS 6.2.3, 7.5.3)
 */
export async function verifyCurrentPassword(
  { db, hasher, loginAttempts }: PasswordServices,
  by: RequestContext<Actor>,
  password: string,
): Promise<Credential | undefined> {
  const { actor } = by
  const credential = await selectOptionalCredential(db, actor.id)
  if (!credential) throw new NotFound()
  const verify = () => hasher.verify(credential.password_hash, password)
  const ownCount = { hash: createHash('sha256').update(actor.sessionId).digest() } // strangers do not shut the owner out
  const proof = await loginAttempts.check(db, actor.email, ownCount, verify)
  if (!proof.judged) throw new TooManyRequests(proof.retryAfter)
  await db.transaction(async (tx) => {
    if (proof.right) return loginAttempts.clear(tx, actor.email)
    record(tx, by, { event: 'sign_in_failed', subject: actor, details: { reason: 'Wrong current password' } })
    if (proof.failures < freeTries) return
    const reason = `${proof.failures} wrong tries in a row`
    record(tx, by, { event: 'sign_in_throttled', subject: actor, details: { reason } })
    await endSession(tx, by, actor.sessionId)
  })
  return proof.right ? credential : undefined
}

/** Step-up: somebody who is signed in enters their password once more (ASVS 7.5.3). */
export async function reauthenticate(
  services: PasswordServices,
  by: RequestContext<Actor>,
  password: string,
): Promise<Result<void>> {
  const proven = await verifyCurrentPassword(services, by, password)
  if (!proven) return invalid({ password: wrong })
  await services.db.transaction(async (tx) => {
    await reauthorize(tx, by)
    await markReauthenticated(tx, by.actor.sessionId, proven.credential_version)
  })
  return ok(undefined)
}

const wrong = 'That is not your password. Type it as you did when you signed in.'
