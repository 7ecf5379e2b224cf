import { hasPermission, type Actor, type RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import { selectOptionalCannedResponseForShare } from '../canned-responses/queries.ts'
import type { FindLocked } from '../../people/filter.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { Conflict, Forbidden, TooManyRequests } from '../../platform/web/errors.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import { enqueueSending } from '../sending/send-campaign.ts'
import { lockCampaigns, selectRunningCampaign } from '../queries.ts'
import { insertCampaign, insertRecipients } from './queries.ts'
import { planFor, type Chosen } from './selection.ts'

/** From this many people the sender must type how many they are. (ASVS 2.3.5) */
export const confirmCountFrom = 101
const maxPerDay = 5

interface Start {
  chosen: Chosen
  cannedResponseId: string
  emailsPerSecond: number
  /** How many people get it, as typed; required from `confirmCountFrom` people. */
  count: number | null
}

/**
 * Starts a campaign. It fixes who gets the email; each person is checked again when theirs is sent. One campaign runs at
 * a time, and five can start within a day.
 */
export function startCampaign(
  { db, findLocked }: { db: Db; findLocked: FindLocked },
  by: RequestContext<Actor>,
  start: Start,
): Promise<Result<{ id: string; name: string }>> {
  return db.transaction(async (tx) => {
    await lockCampaigns(tx)
    const text = await selectOptionalCannedResponseForShare(tx, start.cannedResponseId)
    const { actor } = await reauthorizeCampaigns(tx, by)
    await checkLimits(tx)
    if (!text) return invalid({ cannedResponseId: 'This canned response was deleted. Choose another.' })
    const { recipients, skipped } = await planFor(tx, actor, start.chosen, findLocked)
    if (recipients.length === 0) return invalid({ form: 'None of the people you chose can get it.' })
    if (recipients.length >= confirmCountFrom && start.count !== recipients.length)
      return invalid({ count: wrongCount(start, recipients.length) })
    const { emailsPerSecond } = start
    const id = await insertCampaign(tx, { text, by: actor.id, emailsPerSecond })
    await insertRecipients(tx, id, [
      ...recipients.map((recipient) => ({ id: recipient.id, reason: null })),
      ...skipped.map(({ recipient, reason }) => ({ id: recipient.id, reason })),
    ])
    enqueueSending(tx, id)
    const details = { name: text.name, campaign_id: id, people: recipients.length, left_out: skipped.length }
    record(tx, by, { event: 'campaign_started', details })
    return ok({ id, name: text.name })
  })
}

const wrongCount = ({ count }: Start, people: number): string =>
  count === null
    ? `It goes to ${people} people. Enter that number to send it.`
    : `It goes to ${people} people now, not to ${count}. Check the list, then enter that number.`

/** Locks the actor and checks that they may still manage campaigns. */
export async function reauthorizeCampaigns(
  tx: Tx,
  by: RequestContext<Actor>,
): Promise<RequestContext<Actor>> {
  const now = await reauthorize(tx, by)
  if (!hasPermission(now.actor, 'campaigns.manage')) throw noLongerAllowed
  return now
}

async function checkLimits(tx: Tx): Promise<void> {
  const { running, today, wait } = await selectRunningCampaign(tx)
  if (running !== null) throw alreadyRunning(running)
  if (today >= maxPerDay) throw new TooManyRequests(wait, dailyLimit)
}

export const alreadyRunning = (name: string) =>
  new Conflict({
    heading: 'One campaign at a time',
    message: `“${name}” is still sending its emails. Nothing was sent.`,
    advice: 'Wait until it is finished, or pause or cancel it under Campaigns.',
  })

const dailyLimit = {
  heading: 'Five campaigns a day is the limit',
  message: 'More emails look like spam to mail servers, and people stop reading them. Nothing was sent.',
  advice: 'Wait until tomorrow, or remind people in a campaign you already sent.',
}

const noLongerAllowed = new Forbidden({
  heading: 'You no longer have access to this page',
  message: 'Your role has changed. Nothing was done.',
})
