import type { Actor, By } from '../access/actor.ts'
import { insistOn } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import { enqueue } from '../foundation/jobs.ts'
import { stillThere } from '../sessions/still.ts'
import { updateStarted } from './queries.ts'

/** Sends a checked import on its way; says whether it waited to be. Pressed twice, it goes once. */
export function startImport(db: Db, by: By<Actor>, importId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { actor } = await stillThere(tx, by)
    insistOn(actor, 'users.manage')
    const started = await updateStarted(tx, importId, by)
    if (started) await enqueue(tx, 'import_people', { importId })
    return started
  })
}
