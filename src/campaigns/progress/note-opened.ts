import type { Db } from '../../platform/db.ts'
import { updateOpened } from './queries.ts'

/** A link was opened, by the person or by their mail scanner: the two cannot be told apart. */
export const noteOpened = (db: Db, linkId: string): Promise<void> => updateOpened(db, linkId, 'opened_at')

/** A person whose link was no longer valid asked for a new one, which counts for the same campaign. */
export const noteRenewed = (db: Db, linkId: string): Promise<void> => updateOpened(db, linkId, 'renewed_at')
