import { createHash } from 'node:crypto'
import type { Actor, By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { NotFound, Throttled } from '../foundation/web/errors.ts'
import { endSession } from '../sessions/end.ts'
import { noteProof } from '../sessions/prove.ts'
import { stillThere } from '../sessions/still.ts'
import type { PasswordKit } from './kit.ts'
import { selectOptionalCredential, type Credential } from './queries.ts'

const freeTries = 5

/**
 * Judges the current password of somebody who is signed in. A wrong one counts like one at the sign-in page; the fifth
 * in a row ends the session, since whoever holds it may not be its owner. (ASVS 6.2.3, 7.5.3)
 */
export async function proveCurrent(
  { db, hasher, tries }: PasswordKit,
  by: By<Actor>,
  password: string,
): Promise<Credential | undefined> {
  const { actor } = by
  const credential = await selectOptionalCredential(db, actor.id)
  if (!credential) throw new NotFound()
  const verify = () => hasher.verify(credential.password_hash, password)
  const ownCount = { hash: createHash('sha256').update(actor.sessionId).digest() } // strangers do not shut the owner out
  const proof = await tries.judge(db, actor.email, ownCount, verify)
  if (!proof.judged) throw new Throttled(proof.retryAfter)
  await db.transaction(async (tx) => {
    if (proof.right) return tries.clear(tx, actor.email)
    record(tx, by, { event: 'sign_in_failed', subject: actor, details: { reason: 'Wrong current password' } })
    if (proof.failures < freeTries) return
    const reason = `${proof.failures} wrong tries in a row`
    record(tx, by, { event: 'sign_in_throttled', subject: actor, details: { reason } })
    await endSession(tx, by, actor.sessionId)
  })
  return proof.right ? credential : undefined
}

/** Step-up: somebody who is signed in enters their password once more (ASVS 7.5.3). */
export async function provePassword(
  kit: PasswordKit,
  by: By<Actor>,
  password: string,
): Promise<Outcome<void>> {
  const proven = await proveCurrent(kit, by, password)
  if (!proven) return refused({ password: wrong })
  await kit.db.transaction(async (tx) => {
    await stillThere(tx, by)
    await noteProof(tx, by.actor.sessionId, proven.auth_epoch)
  })
  return done(undefined)
}

const wrong = 'That is not your password. Type it as you did when you signed in.'
