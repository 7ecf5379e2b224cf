import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../../platform/db.ts'
import { log } from '../../../platform/log.ts'
import { recordDeliveryUpdates } from '../../../platform/email/queue.ts'
import type { Mailer } from '../../../platform/email/deliver.ts'
import { holdOutcomes, updateDeliveryResults, updateHeld, type DeliveryResult } from './queries.ts'
import type { ClaimedEmail } from '../claim-emails.ts'

type RecordedDelivery = DeliveryResult & { email: ClaimedEmail }

/** How long writing results is retried while the database is away. */
const timeoutMs = 5 * 60_000
/** How long a result waits for others, to be written in one transaction. */
const batchWindowMs = 5

/**
 * Writes the mail server's answer to each email at once. One write runs at a time, and takes along all answers that came
 * meanwhile. While the database is away it retries, since an email whose answer is lost is sent again.
 */
export class DeliveryRecorder {
  readonly #db: Db
  readonly #mailer: Mailer
  readonly #campaignId: string
  readonly #jobId: string
  #waiting: RecordedDelivery[] = []
  #last: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  constructor(mailer: Mailer, campaignId: string, jobId: string) {
    this.#db = mailer.db
    this.#mailer = mailer
    this.#campaignId = campaignId
    this.#jobId = jobId
  }

  /** Settles once the result is written. */
  record(email: ClaimedEmail, result: Omit<DeliveryResult, 'userId' | 'emailId'>): Promise<void> {
    const { userId, emailId } = email
    this.#waiting.push({ userId, emailId, ...result, email })
    this.#next ??= this.#last = this.#last.then(() => this.#writeNext())
    return this.#next
  }

  async #writeNext(): Promise<void> {
    await sleep(batchWindowMs)
    this.#next = undefined
    await this.#persist(this.#waiting.splice(0))
  }

  async #persist(results: RecordedDelivery[]): Promise<void> {
    const until = Date.now() + timeoutMs
    for (;;) {
      try {
        return await this.#write(results)
      } catch (error) {
        if (Date.now() > until) throw error
        log.warn({ err: error as Error, emails: results.length }, 'cannot write delivery results, retrying')
        await sleep(250)
      }
    }
  }

  #write(results: RecordedDelivery[]): Promise<void> {
    return this.#db.transaction(async (tx) => {
      const updated = await updateDeliveryResults(tx, this.#campaignId, this.#jobId, results)
      const outcomes = new Map(updated.map((row) => [row.email_id, row.outcome]))
      const fresh = results.flatMap((result) => {
        const outcome = outcomes.get(result.emailId)
        return outcome ? [{ ...result, status: statuses[outcome], bounced: outcome === 'failed' }] : []
      })
      const updates = fresh.map(({ emailId, status, answer, bounced }) => ({
        ...{ emailId: emailId, status, answer, bounced },
      }))
      if (updates.length > 0) await recordDeliveryUpdates(tx, updates)
      const hold = fresh.find(({ outcome }) => holdOutcomes.has(outcome))
      if (hold) await updateHeld(tx, this.#campaignId, hold)
      for (const { status, email, answer } of fresh)
        if (status === 'failed') this.#mailer.onFailed(tx, rowOf(email), { answer })
    })
  }
}

const statuses = {
  sent: 'sent',
  failed: 'failed',
  'given up': 'failed',
  deferred: 'queued',
  away: 'queued',
  sender: 'queued',
  slower: 'queued',
} as const

const rowOf = ({ userId, to }: ClaimedEmail) => ({
  user_id: userId,
  to_name: to.name,
  to_address: to.email,
  template: 'canned_response',
})
