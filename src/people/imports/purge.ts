import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldImports } from './queries.ts'

/** Nothing of a file stays longer than somebody may want to look at it. Each takes its rows with it, so few go at once. */
export const purgeImports = (db: Db): Promise<void> => inBatches((most) => deleteOldImports(db, most), 10)
