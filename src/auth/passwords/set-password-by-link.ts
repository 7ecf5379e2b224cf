import type { RequestContext } from '../../access/actor.ts'
import type { PasswordMethod } from '../../activity/event-types.ts'
import type { Tx } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { checkLink, type LinkCheck } from '../links/check-link.ts'
import { consumeLink } from '../links/consume-link.ts'
import type { Purpose } from '../../company/link-lifetimes.ts'
import { selectOptionalUser, selectOptionalUserForUpdate, type UserRow } from '../../people/queries.ts'
import { validateAndHash, faultOf } from './validate-and-hash.ts'
import type { PasswordServices } from './password-services.ts'
import { selectOptionalCredential, updatePassword } from './queries.ts'

export interface Choice {
  newPassword: string
  confirmPassword: string
}

/** The password by a link of one of these purposes, and what else happens in the same transaction. */
interface Way {
  purposes: readonly Purpose[]
  method: PasswordMethod
  then: (tx: Tx, self: RequestContext<UserRow>) => Promise<void>
}

export type LinkResult = { dead: LinkCheck & { valid: false } } | { dead: null; result: Result<void> }

/**
 * Sets a password by a mailed link. The password is judged before the link is spent, so a bad one does not burn it; of
 * any number of posts at once exactly one is done. (ASVS 6.4.3, 6.5.1, 15.4.2)
 */
export async function setPasswordByLink(
  { db, hasher, loadCompany, lockCompany }: PasswordServices,
  by: RequestContext<null>,
  linkId: string,
  choice: Choice,
  { purposes, method, then }: Way,
): Promise<LinkResult> {
  const looked = await checkLink(db, linkId)
  if (!looked.valid) return { dead: looked }
  const { purpose } = looked.link
  const userId = looked.link.user_id
  const [owner, credential] = [
    await selectOptionalUser(db, userId),
    await selectOptionalCredential(db, userId),
  ]
  if (!owner || !credential || !purposes.includes(purpose))
    return { dead: { valid: false, link: undefined, why: 'unknown' } }
  const chosen = await validateAndHash(hasher, await loadCompany(), owner, credential, choice)
  if (!chosen.ok) return { dead: null, result: chosen }

  const result = await db.transaction(async (tx) => {
    const user = await selectOptionalUserForUpdate(tx, userId)
    const fault = user && faultOf(await lockCompany(tx), user, choice.newPassword)
    if (fault) return invalid(fault)
    if (!user || !(await consumeLink(tx, linkId, purpose))) return undefined
    await updatePassword(tx, {
      ...{ userId, hash: chosen.value, method, changedBy: userId },
      ...{ temporaryHours: null, credentialVersion: looked.link.credential_version },
    })
    await then(tx, { ...by, actor: user })
    return ok(undefined)
  })
  if (result) return { dead: null, result }
  const now = await checkLink(db, linkId)
  return now.valid
    ? { dead: null, result: invalid({ form: 'That did not work. Try again.' }) }
    : { dead: now }
}
