import type { RequestContext } from '../../access/actor.ts'
import type { PasswordMethod } from '../../activity/event-types.ts'
import type { Tx } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { checkLink, consumeLink, type LinkCheck } from '../links/check-link.ts'
import type { Purpose } from '../../company/link-lifetimes.ts'
import { selectOptionalUser, selectOptionalUserForUpdate, type UserRow } from '../../people/queries.ts'
import { validateAndHash, passwordErrors, type Choice } from './validate-and-hash.ts'
import type { PasswordServices } from './password-services.ts'
import { selectOptionalCredential, updatePassword } from './queries.ts'

/** Which links are accepted, how the change is recorded, and what else happens in the same transaction. */
interface LinkOptions {
  purposes: readonly Purpose[]
  method: PasswordMethod
  then: (tx: Tx, self: RequestContext<UserRow>, purpose: Purpose) => Promise<void>
}

export type LinkResult =
  { invalidLink: LinkCheck & { valid: false } } | { invalidLink: null; result: Result<void> }

/**
 * Sets a password by an emailed link. The password is checked before the link is consumed, so that a rejected one
 * does not use the link up. Of concurrent requests exactly one succeeds. (ASVS 6.4.3, 6.5.1, 15.4.2)
 */
export async function setPasswordByLink(
  { db, hasher, loadCompany, lockCompany }: PasswordServices,
  by: RequestContext<null>,
  linkId: string,
  choice: Choice,
  { purposes, method, then }: LinkOptions,
): Promise<LinkResult> {
  const check = await checkLink(db, linkId)
  if (!check.valid) return { invalidLink: check }
  const { purpose } = check.link
  const userId = check.link.user_id
  const [owner, credential] = [
    await selectOptionalUser(db, userId),
    await selectOptionalCredential(db, userId),
  ]
  if (!owner || !credential || !purposes.includes(purpose))
    return { invalidLink: { valid: false, link: undefined, reason: 'unknown' } }
  const hashed = await validateAndHash(hasher, await loadCompany(), owner, credential, choice)
  if (!hashed.ok) return { invalidLink: null, result: hashed }

  const result = await db.transaction(async (tx) => {
    const company = await lockCompany(tx)
    const user = await selectOptionalUserForUpdate(tx, userId)
    const errors = user && passwordErrors(company, user, choice.newPassword)
    if (errors) return invalid(errors)
    if (!user || !(await consumeLink(tx, linkId, purpose))) return undefined
    await updatePassword(tx, {
      userId,
      hash: hashed.value,
      method,
      changedBy: userId,
      temporaryHours: null,
      credentialVersion: check.link.credential_version,
    })
    await then(tx, { ...by, actor: user }, purpose)
    return ok(undefined)
  })
  if (result) return { invalidLink: null, result }
  const now = await checkLink(db, linkId)
  return now.valid
    ? { invalidLink: null, result: invalid({ form: 'That didn’t work. Try again.' }) }
    : { invalidLink: now }
}
