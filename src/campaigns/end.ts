import type { By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../foundation/db.ts'
import { selectTallyOf, updateStatus } from './queries.ts'

/** Nothing waits any more, or somebody put an end to it: with what was reached by then. */
export async function finish(tx: Tx, campaignId: string, by: By | null): Promise<void> {
  const { name, counts } = await selectTallyOf(tx, campaignId)
  await updateStatus(tx, campaignId, { status: by ? 'cancelled' : 'finished' })
  const { changed, opened, sent, failed, excused, queued } = counts
  const details = { name, campaign_id: campaignId, changed, opened, sent, failed, left_out: excused }
  const fieldkey = { actor: null, ip: null, userAgent: null, requestId: null }
  const how = by ? { cancelled: true, queued } : {}
  record(tx, by ?? fieldkey, { event: 'campaign_finished', details: { ...details, ...how } })
}

/** Stops by itself, and says why; somebody who may can let it go on in their own name. */
export async function standStill(tx: Tx, campaignId: string, because: string): Promise<void> {
  await updateStatus(tx, campaignId, { status: 'paused', because })
}
