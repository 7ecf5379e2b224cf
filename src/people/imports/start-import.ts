import type { Actor, RequestContext } from '../../access/actor.ts'
import { assertPermission } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import { updateStarted } from './queries.ts'

/** Starts a checked import, once. Returns whether it was waiting to be started. */
export function startImport(db: Db, by: RequestContext<Actor>, importId: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { actor } = await reauthorize(tx, by)
    assertPermission(actor, 'users.manage')
    const started = await updateStarted(tx, importId, by)
    if (started) await enqueue(tx, 'import_people', { importId })
    return started
  })
}
