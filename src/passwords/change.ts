import type { Actor, By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { post } from '../foundation/mail/post.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { NotFound, Throttled } from '../foundation/web/errors.ts'
import { endSessions } from '../sessions/end.ts'
import { noteProof } from '../sessions/prove.ts'
import type { PasswordKit } from './kit.ts'
import { choosePassword } from './choose.ts'
import { changedByYou } from './letters.ts'
import { selectOptionalCredential, updatePassword } from './queries.ts'

interface OwnChange {
  currentPassword: string
  newPassword: string
  confirmPassword: string
}

/**
 * Somebody changes their own password, with the old one beside it; a temporary one is replaced the same way. Their
 * other sessions end and this one goes on; the caller gives it a new id. (ASVS 6.2.2, 6.2.3, 7.4.3)
 */
export async function changeOwnPassword(
  kit: PasswordKit,
  by: By<Actor>,
  change: OwnChange,
): Promise<Outcome<{ sessionsEnded: number }>> {
  const { db, hasher, tries, companyNow } = kit
  const { actor } = by
  const [company, credential] = [await companyNow(), await selectOptionalCredential(db, actor.id)]
  if (!credential) throw new NotFound()
  const proof = await tries.begin(db, actor.email)
  if (!proof.open) throw new Throttled(proof.retryAfter)
  if (!(await hasher.verify(credential.password_hash, change.currentPassword)))
    return refused({ currentPassword: wrong })
  await tries.clear(db, actor.email)
  if (credential.expired) return refused({ currentPassword: expired })
  const chosen = await choosePassword(hasher, company, actor, credential.password_hash, change)
  if (!chosen.ok) return chosen

  const method = credential.temporary ? 'forced' : 'self'
  return db.transaction(async (tx) => {
    const changed = await updatePassword(tx, {
      ...{ userId: actor.id, hash: chosen.value, method, changedBy: actor.id },
      ...{ temporaryHours: null, authEpoch: credential.auth_epoch },
    })
    if (!changed) return refused({ form: 'This password was changed elsewhere just now. Sign in again.' })
    const sessionsEnded = await endSessions(tx, by, actor, actor.sessionId)
    await noteProof(tx, actor.sessionId)
    record(tx, by, {
      event: 'password_change',
      method,
      subject: actor,
      details: { sessions_ended: sessionsEnded },
    })
    await post(tx, changedByYou(actor, by, { at: new Date() }))
    return done({ sessionsEnded })
  })
}

const wrong = 'That is not your current password. Type it as you did when you signed in.'
const expired = 'This temporary password has expired. Ask your office for another one.'
