import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldImpersonations } from './queries.ts'

/** What is over long ago is in the activity log; nobody comes back from it any more. */
export const pruneImpersonations = (db: Db): Promise<void> =>
  inBatches((most) => deleteOldImpersonations(db, most))
