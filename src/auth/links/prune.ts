import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldLinks } from './queries.ts'

/** A link of long ago is one that nobody was ever sent: its page can no longer say why it is dead. */
export const pruneLinks = (db: Db): Promise<void> => inBatches((most) => deleteOldLinks(db, most))
