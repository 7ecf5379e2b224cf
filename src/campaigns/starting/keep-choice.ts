import type { Actor, By } from '../../access/actor.ts'
import type { Db } from '../../foundation/db.ts'
import { deleteOldChoices, insertChoice } from './queries.ts'
import { stillManaging } from './start.ts'

/** Keeps whom somebody ticked, for them alone and a day long, and gives the id to find it by. */
export function keepChoice(db: Db, by: By<Actor>, userIds: string[]): Promise<string> {
  return db.transaction(async (tx) => {
    const { actor } = await stillManaging(tx, by)
    await deleteOldChoices(tx)
    return insertChoice(tx, actor.id, userIds)
  })
}
