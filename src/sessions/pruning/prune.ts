import type { Db } from '../../foundation/db.ts'
import { inBatches } from '../../foundation/in-batches.ts'
import {
  deleteExpiredCarriers,
  deleteOldDevices,
  deleteOldSessions,
  deleteReplacedCookies,
} from './queries.ts'

/** Removes expired cookies' data, sessions that were over long ago, and browsers that nobody can be recognised by. */
export async function pruneSessions(db: Db): Promise<void> {
  await inBatches((most) => deleteExpiredCarriers(db, most))
  await inBatches((most) => deleteReplacedCookies(db, most))
  await inBatches((most) => deleteOldSessions(db, most))
  await inBatches((most) => deleteOldDevices(db, most))
}
