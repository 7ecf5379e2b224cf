import { z } from 'zod'
import { many, run, sql, type Tx } from '../../../platform/db.ts'

export interface DeliveryResult {
  userId: string
  letterId: string
  /** `put off` until it is tried again; `away`, `sender` and `slower` hold the whole campaign. */
  was: 'sent' | 'failed' | 'put off' | Hold
  words: string
  /** Until it is tried again, where it is. */
  seconds: number
}
type Hold = 'away' | 'sender' | 'slower'

/** Seconds that a campaign is held at most before the mail server is tried again. */
const maxHoldSeconds: Record<Hold, number> = { away: 30, sender: 600, slower: 600 }
export const addHold: ReadonlySet<string> = new Set(Object.keys(maxHoldSeconds))
const isHold = (was: DeliveryResult['was']): was is Hold => addHold.has(was)

/** After so many refusals somebody's email fails without being their fault: others got through meanwhile, or a day passed. */
const maxAttempts = 12

const UpdatedDelivery = z.object({
  letter_id: z.string(),
  was: z.enum(['sent', 'failed', 'given up', 'put off', 'away', 'sender', 'slower']),
})

/**
 * Notes what became of letters in a job's hands, and that the mail server is there again if one was sent; gives those
 * that it had not been told of before.
 */
export function updateDeliveryResults(
  tx: Tx,
  campaignId: string,
  jobId: string,
  answers: DeliveryResult[],
): Promise<z.output<typeof UpdatedDelivery>[]> {
  const all = <Field extends keyof DeliveryResult>(field: Field) => answers.map((answer) => answer[field])
  const there = answers.some(({ was }) => was === 'sent') && !answers.some(({ was }) => isHold(was))
  return many(
    tx,
    UpdatedDelivery,
    sql`with judged as (
          select p.user_id, a.words, a.seconds, case
            when a.was in ('put off', 'sender') and p.tries >= ${maxAttempts} and (
              (a.was = 'put off' and p.refused_since < now() - interval '1 day') or exists (
                select from campaign_people other where other.campaign_id = p.campaign_id
                  and greatest(other.sent_at, other.reminded_at) > p.refused_since)) then 'given up'
            else a.was end as was
          from unnest(${all('userId')}::uuid[], ${all('letterId')}::uuid[], ${all('was')}::text[], ${all('words')}::text[],
            ${all('seconds')}::float8[]) as a(user_id, letter_id, was, words, seconds)
          join campaign_people p on p.campaign_id = ${campaignId} and p.user_id = a.user_id and p.letter_id = a.letter_id
            and p.claimed_by = ${jobId}),
        noted as (
          update campaign_people p set claimed_by = null, answer = left(a.words, 500),
            due_at = case when a.was in ('put off', 'away', 'sender', 'slower') and p.due_at is not null
              then clock_timestamp() + make_interval(secs => a.seconds) end,
            tries = case when a.was = 'sent' then 0 when a.was in ('away', 'slower') then p.tries - 1 else p.tries end,
            refused_since = case when a.was = 'sent' then null when a.was in ('put off', 'sender')
              then coalesce(p.refused_since, now()) else p.refused_since end,
            sent_at = case when a.was = 'sent' then coalesce(p.sent_at, now()) else p.sent_at end,
            reminded_at = case when a.was = 'sent' and p.reminder and p.sent_at is not null then now() else p.reminded_at end,
            failed_at = case when a.was in ('failed', 'given up') then now() when a.was = 'sent' then null else p.failed_at end
          from judged a where p.campaign_id = ${campaignId} and p.user_id = a.user_id
          returning p.letter_id, a.was),
        unheld as (
          update campaigns set holds = 0, held_until = null, held_because = null, held_by = null
          where id = ${campaignId} and holds > 0 and ${there}::boolean and exists (select from noted))
        select letter_id, was from noted`,
  )
}

/**
 * Leaves a mail server alone for a while, longer each time, and says why. Where it asks for fewer emails they leave at
 * half the rate from then on.
 */
export async function updateHeld(tx: Tx, campaignId: string, { was, words }: DeliveryResult): Promise<void> {
  if (!isHold(was)) return
  const slower = was === 'slower'
  await run(
    tx,
    sql`update campaigns set holds = holds + 1, held_by = ${was}, held_because = left(${words}, 500),
          held_until = clock_timestamp()
            + make_interval(secs => least(${maxHoldSeconds[was]}::int, power(2, least(holds, 10)))),
          letters_per_second = case when ${slower}::bool then greatest(1, letters_per_second / 2) else letters_per_second end,
          slowed_because = case when ${slower}::bool then left(${words}, 500) else slowed_because end
        where id = ${campaignId} and (held_until is null or held_until <= clock_timestamp())`,
  )
}
