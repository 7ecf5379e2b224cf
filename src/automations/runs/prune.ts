import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldRuns } from './queries.ts'

/** Deletes old runs that acted on no one. The others stay, so that nothing is done to a person twice. */
export const pruneRuns = (db: Db): Promise<void> => inBatches((limit) => deleteOldRuns(db, limit))
