import { linkLifetimeText } from '../company/link-lifetimes.ts'
import type { Actor, RequestContext } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Db, Tx } from '../platform/db.ts'
import { inMinutes } from '../platform/web/dates.ts'
import { Conflict, NotFound, TooManyRequests } from '../platform/web/errors.ts'
import { finishCampaign } from './finish-campaign.ts'
import {
  lockCampaign,
  lockCampaigns,
  selectRunningCampaign,
  selectOptionalCampaign,
  updateCancelled,
  updateReminded,
  updateStatus,
  type Campaign,
} from './queries.ts'
import { enqueueSending } from './sending/send-campaign.ts'
import { alreadyRunning, reauthorizeCampaigns } from './starting/start-campaign.ts'

type ControlAction = (db: Db, by: RequestContext<Actor>, id: string) => Promise<number>

/** Emails already given to the mail server still leave; no other email does. */
export const pause: ControlAction = (db, by, id) =>
  runControl(db, by, id, async (tx, _now, campaign) => {
    if (campaign.status !== 'running') throw notPossibleNow(campaign, 'paused')
    await updateStatus(tx, id, { status: 'paused' })
    return 0
  })

/** The campaign continues with the permissions of the person who resumes it. */
export const resume: ControlAction = (db, by, id) =>
  runControl(db, by, id, async (tx, { actor }, campaign) => {
    if (campaign.status !== 'paused') throw notPossibleNow(campaign, 'resumed')
    await run(tx, actor, id)
    return 0
  })

/**
 * Sends another email to each person who has not chosen a password yet, also where the last one failed. Returns how many
 * people that is. Refused while a link of the last email may still be valid.
 */
export const remind: ControlAction = (db, by, id) =>
  runControl(db, by, id, async (tx, now, campaign) => {
    if (campaign.status === 'cancelled' || campaign.status === 'paused')
      throw notPossibleNow(campaign, 'sent again')
    if (campaign.remind_wait > 0) throw new TooManyRequests(campaign.remind_wait, alreadyReminded(campaign))
    const people = await updateReminded(tx, id)
    if (people === 0) throw nobodyToRemind
    if (campaign.status === 'finished') await run(tx, now.actor, id)
    const details = { name: campaign.name, campaign_id: id, people, reminder: true }
    record(tx, now, { event: 'campaign_started', details })
    return people
  })

/** Final: people whose email has not left get none. */
export const cancel: ControlAction = (db, by, id) =>
  runControl(db, by, id, async (tx, now, campaign) => {
    if (campaign.status !== 'running' && campaign.status !== 'paused')
      throw notPossibleNow(campaign, 'cancelled')
    await updateCancelled(tx, id)
    await finishCampaign(tx, id, now)
    return 0
  })

function runControl(
  db: Db,
  by: RequestContext<Actor>,
  id: string,
  action: (tx: Tx, now: RequestContext<Actor>, campaign: Campaign) => Promise<number>,
): Promise<number> {
  return db.transaction(async (tx) => {
    await lockCampaigns(tx)
    await lockCampaign(tx, id)
    const now = await reauthorizeCampaigns(tx, by)
    const campaign = await selectOptionalCampaign(tx, now.actor, id)
    if (!campaign) throw new NotFound()
    return action(tx, now, campaign)
  })
}

async function run(tx: Tx, actor: Actor, id: string): Promise<void> {
  const { running } = await selectRunningCampaign(tx)
  if (running !== null) throw alreadyRunning(running)
  await updateStatus(tx, id, { status: 'running', runAs: actor.id })
  enqueueSending(tx, id)
}

const notPossibleNow = ({ name, status }: Campaign, what: string) =>
  new Conflict({
    heading: `“${name}” cannot be ${what} now`,
    message: `It is ${status}. Nothing was changed.`,
    advice: 'Reload the campaign: someone else may have changed it.',
  })

const nobodyToRemind = new Conflict({
  heading: 'No one is left to remind',
  message: 'Everyone has chosen a password or has an email on its way. Nothing was sent.',
})

const alreadyReminded = ({ remind_wait }: Campaign) => ({
  heading: 'They were reminded less than an hour ago',
  message: `Each email invalidates the link in the one before, which works for ${linkLifetimeText('campaign')}. Nothing was sent.`,
  advice: `You can remind them in ${inMinutes(remind_wait)}.`,
})
