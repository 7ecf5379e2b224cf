import type { Actor, By, Over, Person } from '../access/actor.ts'
import type { Db, Tx } from '../foundation/db.ts'
import { close, itself } from '../sessions/acting/close.ts'
import { updateImpersonationTold } from './queries.ts'

/** Back to one's own account, or out of both: what follows is done by who one is. */
export async function stepOut(tx: Tx, by: By<Actor>, why: string): Promise<By<Person>> {
  const { impersonator } = by.actor
  if (!impersonator) return by
  const { impersonationId, id, name, email } = impersonator
  const own = { ...by, actor: { id, name, email }, impersonator: null }
  await close(tx, own, { impersonationId, as: by.actor, why })
  await updateImpersonationTold(tx, impersonationId)
  return own
}

/** Closes what a request found to be over, and takes its browser back. */
export async function leave(db: Db, whose: Person, over: Over): Promise<void> {
  await db.transaction(async (tx) => {
    await close(tx, itself(whose), over)
    await updateImpersonationTold(tx, over.impersonationId)
  })
}
