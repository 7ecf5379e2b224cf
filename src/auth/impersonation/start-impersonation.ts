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
 * Login as this user: from the next request on, this session works in the account of another, until one of the many
 * things happens that end it. Nothing of the account moves, its last sign-in included. Refuses, by throwing, whom the
 * actor may not reach, an account that is not in use, and a second one on top of the first.
 */
export async function startImpersonation(
  db: Db,
  by: RequestContext<Actor>,
  targetId: string,
  reason: string,
): Promise<void> {
  const beginning = db.transaction(async (tx) => {
    // The role of the account stays as it is, too: what is allowed now could not begin a moment later.
    await lockActors(tx, [by.actor.id, targetId])
    const user = await lockAndAuthorizeUser(tx, by, 'users.impersonate', targetId)
    refuseUnlessInUse(user)
    const begun = await insertImpersonation(tx, by.actor.sessionId, user.id, reason)
    if (!begun) throw new Error('Locked, active and within reach, and yet it could not begin')
    record(tx, by, {
      event: 'impersonation_started',
      subject: user,
      details: { reason, ends_at: begun.ends_at },
    })
  })
  await beginning.catch((error: { constraint?: string }) => {
    if (error.constraint === 'impersonation_in_session') throw begunMeanwhile
    throw error
  })
}

const begunMeanwhile = new Conflict({
  heading: 'You work as somebody else already',
  message:
    'In this browser another Login as this user began or ended at the same moment. Nothing was changed.',
  advice: 'Look in whose name you work, return to your account, then do it again.',
})

/** A temporary password opens nothing but the page that replaces it, and that page is for its owner alone. */
export function refuseUnlessInUse({ name, status, temporary_password_expires_at }: UserRow): void {
  const heading = `You can’t log in as ${name} just now`
  if (status !== 'active')
    throw new Forbidden({
      heading,
      message: `The account is ${status}, so it opens nothing. Nothing was changed.`,
      advice: 'Make the account active first.',
    })
  if (temporary_password_expires_at)
    throw new Forbidden({
      heading,
      message: `Their password is temporary: until ${firstName(name)} replaces it, the account opens nothing. Nothing was changed.`,
      advice: `Ask ${firstName(name)} to sign in and choose their own.`,
    })
}
