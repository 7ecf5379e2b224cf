import type { Db } from '../foundation/db.ts'
import { deleteOldImports } from './queries.ts'

/** Nothing of a file stays longer than somebody may want to look at it. */
export const forgetOldImports = (db: Db): Promise<void> => deleteOldImports(db)
