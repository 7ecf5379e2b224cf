import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { Mailer } from '../../platform/email/deliver.ts'
import { renderEmail, type EmailContext } from '../../platform/email/render.ts'
import { classify, wordsOf } from '../../platform/email/refusal.ts'
import { DeliveryRecorder } from './results/delivery-results.ts'
import { claimEmails, type Outgoing } from './claim-emails.ts'
import { addHold, type DeliveryResult } from './results/queries.ts'
import { releaseClaims, claimStalledCampaigns, releaseUnsent } from './queries.ts'

export interface CampaignMailer extends Mailer {
  /** What links are made with. */
  linkKey: Buffer
}

const concurrency = 2
const atOnce = 8
const timeSliceMs = 3_000
const longestWait = 15 * 60

const Payload = z.object({ campaignId: z.string(), lane: z.string() })
type Payload = z.output<typeof Payload>

/** The jobs that send a campaign's letters: any worker may have any of them, and no letter is in two hands. */
export async function enqueueSending(tx: Tx, campaignId: string): Promise<void> {
  for (let lane = 1; lane <= concurrency; lane++) await reschedule(tx, { campaignId, lane: String(lane) }, 0)
}

const reschedule = (tx: Tx, { campaignId, lane }: Payload, inSeconds: number) =>
  enqueue(tx, 'send_campaign', { campaignId, lane }, { key: `campaign ${campaignId} ${lane}`, inSeconds })

/**
 * Sends letters for a few seconds, then queues itself anew, so that other jobs and a stop are not kept waiting. Letters
 * in the hands of an attempt that was killed are due at once: a job runs in one place at a time.
 */
export async function sendCampaign(mailer: CampaignMailer, payload: unknown, jobId: string): Promise<void> {
  const its = Payload.parse(payload)
  await mailer.db.transaction((tx) => releaseClaims(tx, jobId))
  const until = Date.now() + timeSliceMs
  const answers = new DeliveryRecorder(mailer, its.campaignId, jobId)
  const setting = await mailer.context()
  for (;;) {
    const claim = await mailer.db.transaction((tx) => claimEmails(tx, mailer.linkKey, its.campaignId, jobId))
    if (claim === 'over') return
    if ('letters' in claim) {
      const left = await sendAll(claim.letters, until + timeSliceMs, (email) =>
        send(mailer, answers, setting, email),
      )
      if (left.length > 0) await mailer.db.transaction((tx) => releaseUnsent(tx, jobId))
    }
    const wait = 'wait' in claim ? claim.wait : 0
    if (Date.now() + wait * 1000 > until) return mailer.db.transaction((tx) => reschedule(tx, its, wait))
    if (wait > 0) await sleep(wait * 1000)
  }
}

/**
 * So many at a time, and none more before the answer to one of them is written down: whatever kills this process, no
 * more letters than these are sent again. When time is up, or the campaign held, gives those that it did not begin.
 */
async function sendAll(
  emails: Outgoing[],
  until: number,
  send: (email: Outgoing) => Promise<Was>,
): Promise<Outgoing[]> {
  const left = [...emails]
  let held = false
  const next = async (): Promise<void> => {
    while (!held && Date.now() < until) {
      const email = left.shift()
      if (!email) return
      if (addHold.has(await send(email))) held = true
    }
  }
  await Promise.all(Array.from({ length: atOnce }, next))
  return left
}

type Was = DeliveryResult['was']

async function send(
  mailer: Mailer,
  answers: DeliveryRecorder,
  setting: EmailContext,
  email: Outgoing,
): Promise<Was> {
  const { templates: book, transport } = mailer
  const { letterId: id, to, data, path, tries } = email
  const written = await renderEmail(book, 'canned_response', data, {
    ...setting,
    link: setting.baseUrl + path,
  })
  const answer = await transport
    .send({ id, to_name: to.name, to_address: to.email }, written, setting.company.name)
    .then(
      (words) => ({ was: 'sent' as const, words, seconds: 0 }),
      (error: Error) => whatNext(error, tries),
    )
  await answers.record(email, answer)
  return answer.was
}

/**
 * An address that is refused for good fails; an email that is refused for now is tried again, later each time. Everything
 * else holds the campaign, and its email is due again behind those that have not been tried.
 */
function whatNext(error: Error, tries: number) {
  const refusal = classify(error)
  const words = wordsOf(error)
  if (refusal === 'person') return { was: 'failed' as const, words, seconds: 0 }
  if (refusal === 'later')
    return { was: 'put off' as const, words, seconds: Math.min(longestWait, 2 ** tries) }
  return { was: refusal, words, seconds: 1 }
}

/** Every minute: a campaign that runs while no job sends its letters gets jobs again. */
export async function restartStalledCampaigns({ db }: Mailer): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { id } of await claimStalledCampaigns(tx)) await enqueueSending(tx, id)
  })
}
