import type { Actor, By } from '../access/actor.ts'
import { post } from '../foundation/mail/post.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { issueLink } from '../links/issue.ts'
import type { PasswordKit } from '../passwords/kit.ts'
import { provePassword } from '../passwords/prove.ts'
import { newAddressLetter, oldAddressLetter } from './letters.ts'
import { selectEmailIsTaken } from './queries.ts'

/**
 * Somebody asks to use another address. Nothing moves yet: the new address confirms, the old one is told and can
 * object. An address that another account has gets no letter, and the answer is the same. (ASVS 7.5.1, 6.3.7)
 */
export async function askForNewEmail(
  kit: PasswordKit,
  by: By<Actor>,
  { email, password }: { email: string; password: string },
): Promise<Outcome<void>> {
  const { actor } = by
  if (email === actor.email) return refused({ email: 'This is your address already. Type the new one.' })
  const proof = await provePassword(kit, by, password)
  if (!proof.ok) return proof
  await kit.db.transaction(async (tx) => {
    const confirm = await issueLink(tx, { purpose: 'email_change', userId: actor.id, newEmail: email })
    const object = await issueLink(tx, { purpose: 'not_me', userId: actor.id, newEmail: email })
    if (!(await selectEmailIsTaken(tx, email))) await post(tx, newAddressLetter(actor, email, confirm))
    await post(tx, oldAddressLetter(actor, by, email, object))
  })
  return done(undefined)
}
