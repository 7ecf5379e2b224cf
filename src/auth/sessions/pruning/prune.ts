import type { Db } from '../../../platform/db.ts'
import { inBatches } from '../../../platform/in-batches.ts'
import {
  deleteExpiredSessionData,
  deleteOldDevices,
  deleteOldSessions,
  deleteReplacedCookies,
} from './queries.ts'

/** Deletes expired session data, old sessions, and browsers that have not been seen for long. */
export async function pruneSessions(db: Db): Promise<void> {
  await inBatches((most) => deleteExpiredSessionData(db, most))
  await inBatches((most) => deleteReplacedCookies(db, most))
  await inBatches((most) => deleteOldSessions(db, most))
  await inBatches((most) => deleteOldDevices(db, most))
}
