import type { Tx } from '../../foundation/db.ts'
import { updateSessionsEndedMeanwhile } from './queries.ts'

/** All sessions of an account end: whoever works in it is out at their next request. */
export const endWithSessions = (tx: Tx, userId: string): Promise<void> =>
  updateSessionsEndedMeanwhile(tx, userId)
