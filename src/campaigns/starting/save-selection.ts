import type { Actor, RequestContext } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldSavedSelections, insertSavedSelection } from './queries.ts'
import { reauthorizeCampaigns } from './start-campaign.ts'

/** Saves a selection of people for the actor alone and for one day. Returns its id. */
export function saveSelection(db: Db, by: RequestContext<Actor>, userIds: string[]): Promise<string> {
  return db.transaction(async (tx) => {
    const { actor } = await reauthorizeCampaigns(tx, by)
    return insertSavedSelection(tx, actor.id, userIds)
  })
}

export const pruneSavedSelections = (db: Db): Promise<void> =>
  inBatches((limit) => deleteOldSavedSelections(db, limit))
