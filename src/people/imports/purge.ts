import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldImports } from './queries.ts'

/** Deletes old imports with their rows, a few at a time since each may have many rows. */
export const purgeImports = (db: Db): Promise<void> => inBatches((limit) => deleteOldImports(db, limit), 10)
