import type { Actor, RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db } from '../../platform/db.ts'
import { Conflict, Forbidden } from '../../platform/web/errors.ts'
import { firstName } from '../../platform/person-names.ts'
import type { UserRow } from '../../people/queries.ts'
import { lockAndAuthorizeUser } from '../../people/authorize.ts'
import { lockActors } from '../sessions/lock-users.ts'
import { insertImpersonation } from './queries.ts'

/**
 * Login as this user. From the next request on, this session acts as another user, until one of many things ends
 * the impersonation. The account itself is unchanged, including its last sign-in. Who may log in as another user is decided by `can` with
 * `users.impersonate` (src/access/can.ts). Throws if the actor may not, if the account is not active, or if an impersonation is already open.
 */
export async function startImpersonation(
  db: Db,
  by: RequestContext<Actor>,
  targetId: string,
  reason: string,
): Promise<void> {
  const started = db.transaction(async (tx) => {
    // Also locks the role of the account, so that the check below stays true.
    await lockActors(tx, [by.actor.id, targetId])
    const user = await lockAndAuthorizeUser(tx, by, 'users.impersonate', targetId)
    refuseUnlessInUse(user)
    const impersonation = await insertImpersonation(tx, by.actor.sessionId, user.id, reason)
    if (!impersonation)
      throw new Error('The user is locked, active and in scope, but the impersonation did not start')
    record(tx, by, {
      event: 'impersonation_started',
      subject: user,
      details: { reason, ends_at: impersonation.ends_at },
    })
  })
  await started.catch((error: { constraint?: string }) => {
    if (error.constraint === 'impersonation_in_session') throw alreadyStarted
    throw error
  })
}

const alreadyStarted = new Conflict({
  heading: 'You’re already logged in as another user',
  message: 'Another impersonation started or ended in this browser at the same moment. Nothing was changed.',
  advice: 'Check which account you’re in, return to your own, then try again.',
})

/** A temporary password opens only the page that changes it, which is for its owner alone. */
export function refuseUnlessInUse({ name, status, temporary_password_expires_at }: UserRow): void {
  const heading = `You can’t log in as ${name} right now`
  if (status !== 'active')
    throw new Forbidden({
      heading,
      message: `The account is ${status}, so it can’t be used. Nothing was changed.`,
      advice: 'Make the account active first.',
    })
  if (temporary_password_expires_at)
    throw new Forbidden({
      heading,
      message: `Their password is temporary. The account can’t be used until ${firstName(name)} replaces it. Nothing was changed.`,
      advice: `Ask ${firstName(name)} to sign in and choose their own.`,
    })
}
