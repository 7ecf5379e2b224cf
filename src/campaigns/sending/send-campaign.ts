import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import type { Mailer } from '../../platform/email/deliver.ts'
import { renderEmail, type EmailContext } from '../../platform/email/render.ts'
import { classify, serverAnswer } from '../../platform/email/refusal.ts'
import { DeliveryRecorder } from './results/delivery-results.ts'
import { claimEmails, type ClaimedEmail } from './claim-emails.ts'
import { holdOutcomes, type DeliveryResult } from './results/queries.ts'
import { releaseClaims, claimStalledCampaigns, releaseUnsent } from './queries.ts'

export interface CampaignMailer extends Mailer {
  /** The key that link tokens are derived from. */
  linkKey: Buffer
}

const concurrency = 2
const connections = 8
const timeSliceMs = 3_000
const maxBackoffSeconds = 15 * 60

const Payload = z.object({ campaignId: z.string(), lane: z.string() })
type Payload = z.output<typeof Payload>

/** Queues the jobs that send a campaign's emails. Any worker can run any of them; claims keep each email to one job. */
export function enqueueSending(tx: Tx, campaignId: string): void {
  for (let lane = 1; lane <= concurrency; lane++) reschedule(tx, { campaignId, lane: String(lane) }, 0)
}

const reschedule = (tx: Tx, { campaignId, lane }: Payload, inSeconds: number) =>
  enqueue(tx, 'send_campaign', { campaignId, lane }, { key: `campaign ${campaignId} ${lane}`, inSeconds })

/**
 * Sends emails for a few seconds, then queues itself again, so that other jobs and a shutdown do not wait. Emails claimed
 * by a killed attempt of this job are due at once, since a job runs in one place at a time.
 */
export async function sendCampaign(mailer: CampaignMailer, payload: unknown, jobId: string): Promise<void> {
  const lane = Payload.parse(payload)
  await mailer.db.transaction((tx) => releaseClaims(tx, jobId))
  const until = Date.now() + timeSliceMs
  const recorder = new DeliveryRecorder(mailer, lane.campaignId, jobId)
  const context = await mailer.context()
  for (;;) {
    const claim = await mailer.db.transaction((tx) => claimEmails(tx, mailer.linkKey, lane.campaignId, jobId))
    if (claim === 'over') return
    if ('emails' in claim) {
      const unsent = await sendAll(claim.emails, until + timeSliceMs, (email) =>
        send(mailer, recorder, context, email),
      )
      if (unsent.length > 0) await mailer.db.transaction((tx) => releaseUnsent(tx, jobId))
    }
    const wait = 'wait' in claim ? claim.wait : 0
    if (Date.now() + wait * 1000 > until)
      return mailer.db.transaction(async (tx) => reschedule(tx, lane, wait))
    if (wait > 0) await sleep(wait * 1000)
  }
}

/**
 * Sends a few emails at a time, and starts another only once a result is stored. If the process is killed, only these few
 * are sent again. Returns the emails it did not start because time was up or the campaign is held.
 */
async function sendAll(
  emails: ClaimedEmail[],
  until: number,
  send: (email: ClaimedEmail) => Promise<Outcome>,
): Promise<ClaimedEmail[]> {
  const unsent = [...emails]
  let held = false
  const next = async (): Promise<void> => {
    while (!held && Date.now() < until) {
      const email = unsent.shift()
      if (!email) return
      if (holdOutcomes.has(await send(email))) held = true
    }
  }
  await Promise.all(Array.from({ length: connections }, next))
  return unsent
}

type Outcome = DeliveryResult['outcome']

async function send(
  mailer: Mailer,
  recorder: DeliveryRecorder,
  context: EmailContext,
  email: ClaimedEmail,
): Promise<Outcome> {
  const { templates, transport } = mailer
  const { emailId: id, to, data, path, attempts } = email
  const rendered = renderEmail(templates, 'canned_response', data, {
    ...context,
    link: context.baseUrl + path,
  })
  const result = await transport
    .send({ id, to_name: to.name, to_address: to.email }, rendered, context.company.name)
    .then(
      (answer) => ({ outcome: 'sent' as const, answer, seconds: 0 }),
      (error: Error) => resultOfRefusal(error, attempts),
    )
  await recorder.record(email, result)
  return result.outcome
}

/**
 * An address that is refused permanently fails. An email that is refused temporarily is tried again, later each time.
 * Everything else holds the campaign, and the email is due again after those not tried yet.
 */
function resultOfRefusal(error: Error, attempts: number) {
  const refusal = classify(error)
  const answer = serverAnswer(error)
  if (refusal === 'person') return { outcome: 'failed' as const, answer, seconds: 0 }
  if (refusal === 'later')
    return { outcome: 'deferred' as const, answer, seconds: Math.min(maxBackoffSeconds, 2 ** attempts) }
  return { outcome: refusal, answer, seconds: 1 }
}

/** Runs every minute: queues jobs for running campaigns that have none. */
export async function restartStalledCampaigns({ db }: Mailer): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { id } of await claimStalledCampaigns(tx)) enqueueSending(tx, id)
  })
}
