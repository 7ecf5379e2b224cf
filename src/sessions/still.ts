import type { Actor, By } from '../access/actor.ts'
import type { Tx } from '../foundation/db.ts'
import { Refused } from '../foundation/web/errors.ts'
import { lockUsers } from './lock.ts'
import { selectOptionalActor } from './queries.ts'

/**
 * Who asks, as they are now: a deed takes long, and meanwhile they may have been blocked, demoted or signed out. Locks
 * them and whom the deed concerns until it is done. (ASVS 8.3.2)
 */
export async function stillThere(tx: Tx, by: By<Actor>, concerns: string[] = []): Promise<By<Actor>> {
  await lockUsers(tx, [by.actor.id, ...concerns])
  const now = await selectOptionalActor(tx, by.actor.sessionId)
  if (!now) throw signedOut
  return { ...by, actor: now.actor }
}

const signedOut = new Refused({
  heading: 'You were signed out meanwhile',
  message: 'Your session ended, or your account was changed, before this could be done. Nothing was changed.',
  advice: 'Sign in again, or ask an Admin.',
})
