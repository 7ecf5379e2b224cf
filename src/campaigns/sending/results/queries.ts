import { z } from 'zod'
import type { Hold } from '../../reason-texts.ts'
import { many, run, sql, type Tx } from '../../../platform/db.ts'

export interface DeliveryResult {
  userId: string
  emailId: string
  /** `deferred` until the next attempt; `away`, `sender` and `slower` hold the whole campaign. */
  outcome: 'sent' | 'failed' | 'deferred' | Hold
  answer: string
  /** Until the next attempt, if there is one. */
  seconds: number
}

/** The longest hold in seconds before the mail server is tried again. */
const maxHoldSeconds: Record<Hold, number> = { away: 30, sender: 600, slower: 600 }
export const holdOutcomes: ReadonlySet<string> = new Set(Object.keys(maxHoldSeconds))
const isHold = (outcome: DeliveryResult['outcome']): outcome is Hold => holdOutcomes.has(outcome)

/** An email that was refused this often fails, if others got through meanwhile or a day has passed. */
const maxAttempts = 12

const UpdatedDelivery = z.object({
  email_id: z.string(),
  outcome: z.enum(['sent', 'failed', 'given up', 'deferred', 'away', 'sender', 'slower']),
})

/**
 * Stores the results of emails that a job has claimed, and ends a hold if one was sent. Returns the results that were new.
 */
export function updateDeliveryResults(
  tx: Tx,
  campaignId: string,
  jobId: string,
  results: DeliveryResult[],
): Promise<z.output<typeof UpdatedDelivery>[]> {
  const all = <Field extends keyof DeliveryResult>(field: Field) => results.map((result) => result[field])
  const responding =
    results.some(({ outcome }) => outcome === 'sent') && !results.some(({ outcome }) => isHold(outcome))
  return many(
    tx,
    UpdatedDelivery,
    sql`with decided as (
          select p.user_id, a.answer, a.seconds, case
            when a.outcome in ('deferred', 'sender') and p.tries >= ${maxAttempts} and (
              (a.outcome = 'deferred' and p.refused_since < now() - interval '1 day') or exists (
                select from campaign_people other where other.campaign_id = p.campaign_id
                  and greatest(other.sent_at, other.reminded_at) > p.refused_since)) then 'given up'
            else a.outcome end as outcome
          from unnest(${all('userId')}::uuid[], ${all('emailId')}::uuid[], ${all('outcome')}::text[], ${all('answer')}::text[],
            ${all('seconds')}::float8[]) as a(user_id, email_id, outcome, answer, seconds)
          join campaign_people p on p.campaign_id = ${campaignId} and p.user_id = a.user_id and p.email_id = a.email_id
            and p.claimed_by = ${jobId}),
        updated as (
          update campaign_people p set claimed_by = null, answer = left(a.answer, 500),
            due_at = case when a.outcome in ('deferred', 'away', 'sender', 'slower') and p.due_at is not null
              then clock_timestamp() + make_interval(secs => a.seconds) end,
            tries = case when a.outcome = 'sent' then 0 when a.outcome in ('away', 'slower') then p.tries - 1 else p.tries end,
            refused_since = case when a.outcome = 'sent' then null when a.outcome in ('deferred', 'sender')
              then coalesce(p.refused_since, now()) else p.refused_since end,
            sent_at = case when a.outcome = 'sent' then coalesce(p.sent_at, now()) else p.sent_at end,
            reminded_at = case when a.outcome = 'sent' and p.reminder and p.sent_at is not null then now() else p.reminded_at end,
            failed_at = case when a.outcome in ('failed', 'given up') then now() when a.outcome = 'sent' then null else p.failed_at end
          from decided a where p.campaign_id = ${campaignId} and p.user_id = a.user_id
          returning p.email_id, a.outcome),
        unheld as (
          update campaigns set holds = 0, held_until = null, held_answer = null, held_by = null
          where id = ${campaignId} and holds > 0 and ${responding}::boolean and exists (select from updated))
        select email_id, outcome from updated`,
  )
}

/**
 * Holds a campaign for a while, longer each time, and stores why. If the mail server asks for fewer emails, the rate is
 * halved.
 */
export async function updateHeld(
  tx: Tx,
  campaignId: string,
  { outcome, answer }: DeliveryResult,
): Promise<void> {
  if (!isHold(outcome)) return
  const slower = outcome === 'slower'
  await run(
    tx,
    sql`update campaigns set holds = holds + 1, held_by = ${outcome}, held_answer = left(${answer}, 500),
          held_until = clock_timestamp()
            + make_interval(secs => least(${maxHoldSeconds[outcome]}::int, power(2, least(holds, 10)))),
          emails_per_second = case when ${slower}::bool then greatest(1, emails_per_second / 2) else emails_per_second end,
          slowed_answer = case when ${slower}::bool then left(${answer}, 500) else slowed_answer end
        where id = ${campaignId} and (held_until is null or held_until <= clock_timestamp())`,
  )
}
