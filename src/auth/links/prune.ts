import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldLinks } from './queries.ts'

/** Deletes old links. Their pages then say that the link is unknown, and no longer why it is invalid. */
export const pruneLinks = (db: Db): Promise<void> => inBatches((most) => deleteOldLinks(db, most))
