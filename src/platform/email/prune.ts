import type { Db } from '../db.ts'
import { inBatches } from '../in-batches.ts'
import { deleteOldEmails } from './queries.ts'

/** The email log goes as far back as the activity log at least does. */
export const pruneEmails = (db: Db): Promise<void> => inBatches((most) => deleteOldEmails(db, most))
