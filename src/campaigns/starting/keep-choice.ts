import type { Actor, By } from '../../access/actor.ts'
import type { Db } from '../../foundation/db.ts'
import { inBatches } from '../../foundation/in-batches.ts'
import { deleteOldChoices, insertChoice } from './queries.ts'
import { stillManaging } from './start.ts'

/** Keeps whom somebody ticked, for them alone and a day long, and gives the id to find it by. */
export function keepChoice(db: Db, by: By<Actor>, userIds: string[]): Promise<string> {
  return db.transaction(async (tx) => {
    const { actor } = await stillManaging(tx, by)
    return insertChoice(tx, actor.id, userIds)
  })
}

export const pruneChoices = (db: Db): Promise<void> => inBatches((most) => deleteOldChoices(db, most))
