import type { By } from '../access/actor.ts'
import type { PasswordMethod } from '../activity/kinds.ts'
import type { Tx } from '../foundation/db.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { lookAtLink, type Looked } from '../links/open.ts'
import { spendLink } from '../links/spend.ts'
import type { Purpose } from '../links/token.ts'
import { selectOptionalUser, selectOptionalUserForUpdate, type UserRow } from '../people/queries.ts'
import { choosePassword, faultOf } from './choose.ts'
import type { PasswordKit } from './kit.ts'
import { selectOptionalCredential, updatePassword } from './queries.ts'

export interface Choice {
  newPassword: string
  confirmPassword: string
}

/** The password by a link of one of these purposes, and what else happens in the same transaction. */
interface Way {
  purposes: readonly Purpose[]
  method: PasswordMethod
  then: (tx: Tx, self: By<UserRow>) => Promise<void>
}

export type ByLink = { dead: Looked & { alive: false } } | { dead: null; outcome: Outcome<void> }

/**
 * Sets a password by a mailed link. The password is judged before the link is spent, so a bad one does not burn it; of
 * any number of posts at once exactly one is done. (ASVS 6.4.3, 6.5.1, 15.4.2)
 */
export async function setPasswordByLink(
  { db, hasher, companyNow, companyHeld }: PasswordKit,
  by: By<null>,
  linkId: string,
  choice: Choice,
  { purposes, method, then }: Way,
): Promise<ByLink> {
  const looked = await lookAtLink(db, linkId)
  if (!looked.alive) return { dead: looked }
  const { purpose } = looked.link
  const userId = looked.link.user_id
  const [owner, credential] = [
    await selectOptionalUser(db, userId),
    await selectOptionalCredential(db, userId),
  ]
  if (!owner || !credential || !purposes.includes(purpose))
    return { dead: { alive: false, link: undefined, why: 'unknown' } }
  const chosen = await choosePassword(hasher, await companyNow(), owner, credential, choice)
  if (!chosen.ok) return { dead: null, outcome: chosen }

  const outcome = await db.transaction(async (tx) => {
    const user = await selectOptionalUserForUpdate(tx, userId)
    const fault = user && faultOf(await companyHeld(tx), user, choice.newPassword)
    if (fault) return refused(fault)
    if (!user || !(await spendLink(tx, linkId, purpose))) return undefined
    await updatePassword(tx, {
      ...{ userId, hash: chosen.value, method, changedBy: userId },
      ...{ temporaryHours: null, authEpoch: looked.link.auth_epoch_at_issue },
    })
    await then(tx, { ...by, actor: user })
    return done(undefined)
  })
  if (outcome) return { dead: null, outcome }
  const now = await lookAtLink(db, linkId)
  return now.alive
    ? { dead: null, outcome: refused({ form: 'That did not work. Try again.' }) }
    : { dead: now }
}
