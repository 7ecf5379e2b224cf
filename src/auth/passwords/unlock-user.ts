import type { Actor, RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import { ok, type Result } from '../../platform/result.ts'
import { lockAndAuthorizeUser } from '../../people/authorize.ts'
import type { PasswordServices } from './password-services.ts'

/**
 * Ends the wait after wrong passwords of one account. Limits of networks and a disabled password stay. It gives nobody
 * access, so nobody is emailed. Returns the wrong passwords that it forgave; 0 if there was no wait, and no event then.
 * (NIST SP 800-63B-4 §3.2.2)
 */
export function unlockUser(
  { db, loginAttempts }: Pick<PasswordServices, 'db' | 'loginAttempts'>,
  by: RequestContext<Actor>,
  id: string,
): Promise<Result<number>> {
  return db.transaction(async (tx) => {
    const user = await lockAndAuthorizeUser(tx, by, 'passwords.change', id)
    const failures = await loginAttempts.unlock(tx, user.email)
    if (failures === undefined) return ok(0)
    record(tx, by, { event: 'sign_in_unlocked', subject: user, details: { failures } })
    return ok(failures)
  })
}
