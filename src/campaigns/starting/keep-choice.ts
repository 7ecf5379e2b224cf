import type { Actor } from '../../access/actor.ts'
import type { Db } from '../../foundation/db.ts'
import { deleteOldChoices, insertChoice } from './queries.ts'

/** Keeps whom somebody ticked, for them alone and a day long, and gives the id to find it by. */
export function keepChoice(db: Db, { id }: Actor, userIds: string[]): Promise<string> {
  return db.transaction(async (tx) => {
    await deleteOldChoices(tx)
    return insertChoice(tx, id, userIds)
  })
}
