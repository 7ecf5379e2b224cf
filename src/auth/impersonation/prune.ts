import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldImpersonations } from './queries.ts'

/** Deletes impersonations that ended long ago. The activity log keeps them. */
export const pruneImpersonations = (db: Db): Promise<void> =>
  inBatches((most) => deleteOldImpersonations(db, most))
