import { hasPermission, type Actor, type RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import { selectOptionalCannedResponseForShare } from '../canned-responses/queries.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { Conflict, Forbidden, TooManyRequests } from '../../platform/web/errors.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import { enqueueSending } from '../sending/send-campaign.ts'
import { lockCampaigns, selectRunningCampaign } from '../queries.ts'
import { insertCampaign, insertPeopleOf } from './queries.ts'
import { planFor, type Chosen } from './selection.ts'

/** Beyond so many people whoever sends it types how many they are. (ASVS 2.3.5) */
export const countedFrom = 101
const aDay = 5

interface Start {
  chosen: Chosen
  cannedResponseId: string
  lettersPerSecond: number
  /** How many people get it, as it was typed; asked for where they are many. */
  count: number | null
}

/**
 * Starts a campaign: who gets it is settled here, and judged once more when each letter leaves. One runs at a time, and
 * five are started within a day.
 */
export function startCampaign(
  db: Db,
  by: RequestContext<Actor>,
  start: Start,
): Promise<Result<{ id: string; name: string }>> {
  return db.transaction(async (tx) => {
    await lockCampaigns(tx)
    const text = await selectOptionalCannedResponseForShare(tx, start.cannedResponseId)
    const { actor } = await reauthorizeCampaigns(tx, by)
    await refuseCrowds(tx)
    if (!text) return invalid({ cannedResponseId: 'Choose one of the list: somebody deleted this one.' })
    const { getIt, missed } = await planFor(tx, actor, start.chosen)
    if (getIt.length === 0) return invalid({ form: 'Nobody of those you chose can get it.' })
    if (getIt.length >= countedFrom && start.count !== getIt.length)
      return invalid({ count: howMany(start, getIt.length) })
    const { lettersPerSecond } = start
    const id = await insertCampaign(tx, { text, by: actor.id, lettersPerSecond })
    const people = [...getIt.map((who) => ({ who, why: null })), ...missed]
    await insertPeopleOf(
      tx,
      id,
      people.map(({ who, why }) => ({ id: who.id, why })),
    )
    await enqueueSending(tx, id)
    const details = { name: text.name, campaign_id: id, people: getIt.length, left_out: missed.length }
    record(tx, by, { event: 'campaign_started', details })
    return ok({ id, name: text.name })
  })
}

const howMany = ({ count }: Start, people: number): string =>
  count === null
    ? `It goes to ${people} people. Type that number to send it.`
    : `It goes to ${people} people by now, not to ${count}. Look again, then type that number.`

/** Who asks, locked, if they may still manage campaigns. */
export async function reauthorizeCampaigns(
  tx: Tx,
  by: RequestContext<Actor>,
): Promise<RequestContext<Actor>> {
  const now = await reauthorize(tx, by)
  if (!hasPermission(now.actor, 'campaigns.manage')) throw noLonger
  return now
}

async function refuseCrowds(tx: Tx): Promise<void> {
  const { running, today, wait } = await selectRunningCampaign(tx)
  if (running !== null) throw alreadyRunning(running)
  if (today >= aDay) throw new TooManyRequests(wait, enough)
}

export const alreadyRunning = (name: string) =>
  new Conflict({
    heading: 'One campaign at a time',
    message: `“${name}” is still sending its letters. Nothing was sent.`,
    advice: 'Wait until it is finished, or pause or cancel it under Campaigns.',
  })

const enough = {
  heading: 'Five campaigns in a day are enough',
  message: 'So many mails look like spam to mail servers, and people stop reading them. Nothing was sent.',
  advice: 'Wait until tomorrow, or remind those still open of a campaign that you have.',
}

const noLonger = new Forbidden({
  heading: 'This is not open to you any more',
  message: 'Your role was changed meanwhile. Nothing was done.',
})
