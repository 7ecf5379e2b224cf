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

/** What is in the hands of the mail server leaves; no other letter does. */
export const pause: ControlAction = (db, by, id) =>
  runControl(db, by, id, async (tx, _now, campaign) => {
    if (campaign.status !== 'running') throw notNow(campaign, 'paused')
    await updateStatus(tx, id, { status: 'paused' })
    return 0
  })

/** It goes on in the name, and with the rights, of whoever says so. */
export const resume: ControlAction = (db, by, id) =>
  runControl(db, by, id, async (tx, { actor }, campaign) => {
    if (campaign.status !== 'paused') throw notNow(campaign, 'resumed')
    await run(tx, actor, id)
    return 0
  })

/**
 * Another letter to each who has not chosen a password yet, also where the one before failed; gives how many they are.
 * No sooner than the link in the last one is dead.
 */
export const remind: ControlAction = (db, by, id) =>
  runControl(db, by, id, async (tx, now, campaign) => {
    if (campaign.status === 'cancelled' || campaign.status === 'paused') throw notNow(campaign, 'sent again')
    if (campaign.remind_wait > 0) throw new TooManyRequests(campaign.remind_wait, remindedAlready(campaign))
    const people = await updateReminded(tx, id)
    if (people === 0) throw nobodyOpen
    if (campaign.status === 'finished') await run(tx, now.actor, id)
    const details = { name: campaign.name, campaign_id: id, people, reminder: true }
    record(tx, now, { event: 'campaign_started', details })
    return people
  })

/** For good: whose letter has not left gets none. */
export const cancel: ControlAction = (db, by, id) =>
  runControl(db, by, id, async (tx, now, campaign) => {
    if (campaign.status !== 'running' && campaign.status !== 'paused') throw notNow(campaign, 'cancelled')
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
  await updateStatus(tx, id, { status: 'running', actsFor: actor.id })
  await enqueueSending(tx, id)
}

const notNow = ({ name, status }: Campaign, what: string) =>
  new Conflict({
    heading: `“${name}” cannot be ${what} now`,
    message: `It is ${status}. Nothing was changed.`,
    advice: 'Look at the campaign again: somebody else may have been quicker.',
  })

const nobodyOpen = new Conflict({
  heading: 'Nobody is left to remind',
  message: 'Everybody has chosen a password, or has a letter under way. Nothing was sent.',
})

const remindedAlready = ({ remind_wait }: Campaign) => ({
  heading: 'They were reminded within the hour',
  message: `Each email invalidates the link in the one before, which works for ${linkLifetimeText('campaign')}. Nothing was sent.`,
  advice: `Remind those still open in ${inMinutes(remind_wait)}.`,
})
