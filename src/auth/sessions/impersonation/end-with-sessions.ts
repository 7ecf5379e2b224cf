import type { Tx } from '../../../platform/db.ts'
import { updateImpersonationsSessionsEnded } from './queries.ts'

/** All sessions of an account end: whoever works in it is out at their next request. */
export const endImpersonationsOf = (tx: Tx, userId: string): Promise<void> =>
  updateImpersonationsSessionsEnded(tx, userId)
