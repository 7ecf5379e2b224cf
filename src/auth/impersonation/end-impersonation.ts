import type { Actor, RequestContext, EndedImpersonation, Person } from '../../access/actor.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { closeImpersonation, asSystem } from '../sessions/impersonation/close-impersonation.ts'
import { updateImpersonationAcknowledged } from './queries.ts'

/** Back to one's own account, or out of both: what follows is done by who one is. */
export async function endImpersonation(
  tx: Tx,
  by: RequestContext<Actor>,
  why: string,
): Promise<RequestContext<Person>> {
  const { impersonator } = by.actor
  if (!impersonator) return by
  const { impersonationId, id, name, email } = impersonator
  const own = { ...by, actor: { id, name, email }, impersonator: null }
  await closeImpersonation(tx, own, { impersonationId, as: by.actor, reason: why })
  await updateImpersonationAcknowledged(tx, impersonationId)
  return own
}

/** Closes what a request found to be over, and takes its browser back. */
export async function leaveImpersonation(db: Db, whose: Person, over: EndedImpersonation): Promise<void> {
  await db.transaction(async (tx) => {
    await closeImpersonation(tx, asSystem(whose), over)
    await updateImpersonationAcknowledged(tx, over.impersonationId)
  })
}
