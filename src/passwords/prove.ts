import type { Actor, By } from '../access/actor.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { Throttled } from '../foundation/web/errors.ts'
import { noteProof } from '../sessions/prove.ts'
import type { PasswordKit } from './kit.ts'
import { selectOptionalCredential } from './queries.ts'

/** Step-up: somebody who is signed in enters their password once more (ASVS 7.5.3). */
export async function provePassword(
  kit: PasswordKit,
  { actor }: By<Actor>,
  password: string,
): Promise<Outcome<void>> {
  const { db, hasher, tries } = kit
  const proof = await tries.begin(db, actor.email)
  if (!proof.open) throw new Throttled(proof.retryAfter)
  const credential = await selectOptionalCredential(db, actor.id)
  if (!(await hasher.verify(credential?.password_hash ?? null, password))) return refused({ password: wrong })
  await db.transaction(async (tx) => {
    await tries.clear(tx, actor.email)
    await noteProof(tx, actor.sessionId)
  })
  return done(undefined)
}

const wrong = 'That is not your password. Type it as you did when you signed in.'
