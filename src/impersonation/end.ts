import type { Actor, By, Over, Person } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Db, Tx } from '../foundation/db.ts'
import { whyOver } from '../sessions/acting/judge.ts'
import { selectActings, selectOptionalActing, type Acting } from '../sessions/acting/queries.ts'
import { selectOptionalActor } from '../sessions/queries.ts'
import { updateImpersonationEnded, updateImpersonationTold } from './queries.ts'

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

/** Closes what goes on in a session, if it is over: the session may be, too, so that nobody comes back to it. */
export async function closeIfOver(db: Db, sessionId: string): Promise<void> {
  const acting = await selectOptionalActing(db, sessionId)
  if (acting) await closeJudged(db, acting)
}

/** Closes all that is over and that no request came to find so. */
export async function closeImpersonations(db: Db): Promise<void> {
  for (const acting of await selectActings(db)) await closeJudged(db, acting)
}

async function closeJudged(db: Db, acting: Acting): Promise<void> {
  const { id: impersonationId, session_id, as, behind } = acting
  const why = whyOver((await selectOptionalActor(db, session_id))?.actor, acting)
  if (why !== undefined) await db.transaction((tx) => close(tx, itself(behind), { impersonationId, as, why }))
}

/** However many see at once that it is over, one of them ends and records it. */
async function close(tx: Tx, by: By<Person>, { impersonationId, as, why }: Over): Promise<void> {
  const ended = await updateImpersonationEnded(tx, impersonationId, why)
  if (!ended) return
  record(tx, by, {
    event: 'impersonation_ended',
    subject: as,
    details: { minutes: ended.minutes, why },
  })
}

/** It ended by itself: the account is theirs who worked in it, but no browser did it. */
const itself = (actor: Person): By<Person> => ({ actor, ip: null, userAgent: null, requestId: null })
