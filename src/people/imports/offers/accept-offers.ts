import type { Tx } from '../../../platform/db.ts'
import { updateAccepted, type Accepted, type Choices } from './queries.ts'

/** Makes the rows valid that only lacked what was ticked. */
export const acceptOffers = (tx: Tx, importId: string, choices: Choices, accepted: Accepted): Promise<void> =>
  updateAccepted(tx, importId, choices, accepted)
