import type { Actor, RequestContext, EndedImpersonation, Person } from '../../access/actor.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { closeImpersonation, asSystem } from '../sessions/impersonation/close-impersonation.ts'
import { updateImpersonationAcknowledged } from './queries.ts'

/** Ends the impersonation of the actor, if there is one. Returns the context of the admin for what follows. */
export async function endImpersonation(
  tx: Tx,
  by: RequestContext<Actor>,
  code: 'returned' | 'signed_out',
): Promise<RequestContext<Person>> {
  const { impersonator } = by.actor
  if (!impersonator) return by
  const { impersonationId, id, name, email } = impersonator
  const own = { ...by, actor: { id, name, email }, impersonator: null }
  await closeImpersonation(tx, own, { impersonationId, as: by.actor, reason: { code } })
  await updateImpersonationAcknowledged(tx, impersonationId)
  return own
}

/** Closes an impersonation that a request found ended, and returns its browser to the admin’s account. */
export async function leaveImpersonation(db: Db, admin: Person, ended: EndedImpersonation): Promise<void> {
  await db.transaction(async (tx) => {
    await closeImpersonation(tx, asSystem(admin), ended)
    await updateImpersonationAcknowledged(tx, ended.impersonationId)
  })
}
