import type { Db } from '../db.ts'
import { inBatches } from '../in-batches.ts'
import { deleteOldLetters } from './queries.ts'

/** The email log goes as far back as the activity log at least does. */
export const pruneLetters = (db: Db): Promise<void> => inBatches((most) => deleteOldLetters(db, most))
