import type { Db } from '../foundation/db.ts'
import { inBatches } from '../foundation/in-batches.ts'
import { deleteOldImports } from './queries.ts'

/** Nothing of a file stays longer than somebody may want to look at it. Each takes its rows with it, so few go at once. */
export const forgetOldImports = (db: Db): Promise<void> => inBatches((most) => deleteOldImports(db, most), 10)
