import type { Tx } from '../../../platform/db.ts'
import { updateAccepted, type Choices } from './queries.ts'

/** Makes the rows valid that only lacked what was ticked. */
export const acceptOffers = (tx: Tx, importId: string, choices: Choices): Promise<void> =>
  updateAccepted(tx, importId, choices)
