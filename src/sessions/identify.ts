import type { Actor } from '../access/actor.ts'
import type { Db } from '../foundation/db.ts'
import { selectOptionalActor, updateLastSeen } from './queries.ts'

/** Who is behind a session, asked anew at every request, so that a block or a change of role works at once. */
export async function identify(db: Db, sessionId: string, isPoll = false): Promise<Actor | undefined> {
  const found = await selectOptionalActor(db, sessionId)
  if (found?.longUnseen && !isPoll) await updateLastSeen(db, sessionId)
  return found?.actor
}
