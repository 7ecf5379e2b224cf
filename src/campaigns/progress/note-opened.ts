import type { Db } from '../../platform/db.ts'
import { updateOpened } from './queries.ts'

/** Somebody's link was opened: perhaps by them, perhaps by a scanner of their mail, which cannot be told apart. */
export const noteOpened = (db: Db, linkId: string): Promise<void> => updateOpened(db, linkId, 'opened_at')

/** Somebody whose link was dead asked for a new one, which counts for the same campaign. */
export const noteRenewed = (db: Db, linkId: string): Promise<void> => updateOpened(db, linkId, 'renewed_at')
