import type { RequestContext } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../platform/db.ts'
import { selectCampaignSummary, updateStatus } from './queries.ts'

/** Nothing waits any more, or somebody put an end to it: with what was reached by then. */
export async function finishCampaign(tx: Tx, campaignId: string, by: RequestContext | null): Promise<void> {
  const { name, counts } = await selectCampaignSummary(tx, campaignId)
  await updateStatus(tx, campaignId, { status: by ? 'cancelled' : 'finished' })
  const { changed, opened, sent, failed, excused, queued } = counts
  const details = { name, campaign_id: campaignId, changed, opened, sent, failed, left_out: excused }
  const fieldkey = { actor: null, ip: null, userAgent: null, requestId: null }
  const how = by ? { cancelled: true, queued } : {}
  record(tx, by ?? fieldkey, { event: 'campaign_finished', details: { ...details, ...how } })
}

/** Stops by itself, and says why; somebody who may can let it go on in their own name. */
export async function pauseWithReason(tx: Tx, campaignId: string, because: string): Promise<void> {
  await updateStatus(tx, campaignId, { status: 'paused', because })
}
