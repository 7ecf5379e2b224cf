import type { Actor, RequestContext } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { inBatches } from '../../platform/in-batches.ts'
import { deleteOldSavedSelections, insertSavedSelection } from './queries.ts'
import { reauthorizeCampaigns } from './start-campaign.ts'

/** Keeps whom somebody ticked, for them alone and a day long, and gives the id to find it by. */
export function saveSelection(db: Db, by: RequestContext<Actor>, userIds: string[]): Promise<string> {
  return db.transaction(async (tx) => {
    const { actor } = await reauthorizeCampaigns(tx, by)
    return insertSavedSelection(tx, actor.id, userIds)
  })
}

export const pruneChoices = (db: Db): Promise<void> => inBatches((most) => deleteOldSavedSelections(db, most))
