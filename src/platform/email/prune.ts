import type { Db } from '../db.ts'
import { inBatches } from '../in-batches.ts'
import { deleteOldEmails } from './queries.ts'

/** Emails are kept as long as the shortest retention of the activity log. */
export const pruneEmails = (db: Db): Promise<void> => inBatches((most) => deleteOldEmails(db, most))
