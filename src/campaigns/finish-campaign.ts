import { systemContext, type RequestContext } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Tx } from '../platform/db.ts'
import type { PauseReason } from './reason-texts.ts'
import { selectCampaignSummary, updateStatus } from './queries.ts'

/** Ends a campaign that has nothing left to send, or that someone (`by`) cancelled, and records its results. */
export async function finishCampaign(tx: Tx, campaignId: string, by: RequestContext | null): Promise<void> {
  const { name, counts } = await selectCampaignSummary(tx, campaignId)
  await updateStatus(tx, campaignId, { status: by ? 'cancelled' : 'finished' })
  const { changed, opened, sent, failed, skipped, queued } = counts
  const details = { name, campaign_id: campaignId, changed, opened, sent, failed, left_out: skipped }
  const cancelled = by ? { cancelled: true, queued } : {}
  record(tx, by ?? systemContext, { event: 'campaign_finished', details: { ...details, ...cancelled } })
}

/** Stops a campaign and says why. Anyone who may manage campaigns can resume it with their own permissions. */
export async function pauseWithReason(tx: Tx, campaignId: string, reason: PauseReason): Promise<void> {
  await updateStatus(tx, campaignId, { status: 'paused', reason })
}
