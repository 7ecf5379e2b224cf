import type { By, Over, Person } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../foundation/db.ts'
import { selectOptionalActor, type Whom } from '../queries.ts'
import { whyOver } from './judge.ts'
import { selectActings, selectOptionalActing, updateImpersonationEnded, type Acting } from './queries.ts'

/** Closes what goes on in a session, if it is over: the session may be, too, so that nobody comes back to it. */
export async function closeIfOver(db: Db, sessionId: string): Promise<void> {
  const acting = await selectOptionalActing(db, sessionId)
  if (acting) await db.transaction((tx) => closeJudged(tx, acting))
}

/** Closes all that is over and that no request came to find so. */
export async function closeImpersonations(db: Db): Promise<void> {
  for (const acting of await selectActings(db, 'everybody'))
    await db.transaction((tx) => closeJudged(tx, acting))
}

/** Closes what is over of all that these people do as others, and that others do as them. */
export async function closeActings(tx: Tx, whom: Whom): Promise<void> {
  for (const acting of await selectActings(tx, whom)) await closeJudged(tx, acting)
}

async function closeJudged(tx: Tx, acting: Acting): Promise<void> {
  const { id: impersonationId, session_id, as, behind } = acting
  const why = whyOver((await selectOptionalActor(tx, session_id))?.actor, acting)
  if (why !== undefined) await close(tx, itself(behind), { impersonationId, as, why })
}

/** However many see at once that it is over, one of them ends and records it. */
export async function close(tx: Tx, by: By<Person>, { impersonationId, as, why }: Over): Promise<void> {
  const ended = await updateImpersonationEnded(tx, impersonationId, why)
  if (!ended) return
  record(tx, by, {
    event: 'impersonation_ended',
    subject: as,
    details: { minutes: ended.minutes, why },
  })
}

/** It ended by itself: the account is theirs who worked in it, but no browser did it. */
export const itself = (actor: Person): By<Person> => ({ actor, ip: null, userAgent: null, requestId: null })
