import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldRuns } from './queries.ts'

/** Runs that found nobody. The others stay: what they did to whom keeps it from being done twice. */
export const pruneRuns = (db: Db): Promise<void> => inBatches((most) => deleteOldRuns(db, most))
