import type { Actor, By } from '../access/actor.ts'
import { post } from '../foundation/mail/post.ts'
import { done, refused, type Errors, type Outcome } from '../foundation/outcome.ts'
import { Throttled } from '../foundation/web/errors.ts'
import { issueLink } from '../links/issue.ts'
import type { PasswordKit } from '../passwords/kit.ts'
import { proveCurrent } from '../passwords/prove.ts'
import { selectOptionalCredential } from '../passwords/queries.ts'
import { noteProof } from '../sessions/prove.ts'
import { stillThere } from '../sessions/still.ts'
import { newAddressLetter, oldAddressLetter } from './letters.ts'
import type { MailLimits } from './limits.ts'
import { selectEmailIsTaken } from './queries.ts'

/**
 * Somebody asks to use another address. Nothing moves yet: the new address confirms, the old one is told and can
 * object. An address that another account has gets no letter, and the answer is the same. (ASVS 7.5.1, 6.3.7)
 */
export async function askForNewEmail(
  kit: PasswordKit,
  limits: MailLimits,
  by: By<Actor>,
  { email, password }: { email: string; password: string },
): Promise<Outcome<void>> {
  const { actor } = by
  const own = email === actor.email && { email: 'This is your address already. Type the new one.' }
  const proven = await proveCurrent(kit, by, password)
  if (own || !proven) return refused({ ...own, ...(proven ? {} : { password: wrong }) })
  const wait = await limits.take(actor.id, by.ip)
  if (wait !== null) throw new Throttled(wait)
  return kit.db.transaction(async (tx) => {
    await stillThere(tx, by)
    const now = await selectOptionalCredential(tx, actor.id)
    if (now?.auth_epoch !== proven.auth_epoch)
      return refused({ form: 'Your account was changed just now. Try again.' })
    await noteProof(tx, actor.sessionId, proven.auth_epoch)
    const confirm = await issueLink(tx, { purpose: 'email_change', userId: actor.id, newEmail: email })
    if (!(await selectEmailIsTaken(tx, email))) await post(tx, newAddressLetter(actor, by, email, confirm))
    // An address that nobody showed to be theirs can be told, but gets no say.
    const objection = actor.emailVerified
      ? { purpose: 'not_me' as const, userId: actor.id, newEmail: email }
      : undefined
    await post(tx, oldAddressLetter(actor, by, email, objection && (await issueLink(tx, objection))))
    return done(undefined)
  })
}

/** What is wrong with the password, to be told along with an address that cannot be read. */
export const passwordFault = async (
  kit: PasswordKit,
  by: By<Actor>,
  password: string | undefined,
): Promise<Errors> =>
  password === undefined || (await proveCurrent(kit, by, password)) ? {} : { password: wrong }

const wrong = 'That is not your password. Type it as you did when you signed in.'
