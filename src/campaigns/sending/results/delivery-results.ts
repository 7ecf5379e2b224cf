import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../../platform/db.ts'
import { log } from '../../../platform/log.ts'
import { recordDeliveryUpdates } from '../../../platform/email/queue.ts'
import type { Mailer } from '../../../platform/email/deliver.ts'
import { addHold, updateDeliveryResults, updateHeld, type DeliveryResult } from './queries.ts'
import type { Outgoing } from '../claim-emails.ts'

type RecordedDelivery = DeliveryResult & { letter: Outgoing }

const timeoutMs = 5 * 60_000
/** Milliseconds that an answer waits for those right behind it, to be written together with them. */
const batchWindowMs = 5

/**
 * Notes what the mail server said of each letter, as soon as it said so: one at a time writes, and takes along whatever
 * was said meanwhile. While the database is away it keeps what it knows and tries on, since a letter whose answer is
 * lost is sent again.
 */
export class DeliveryRecorder {
  readonly #db: Db
  readonly #office: Mailer
  readonly #campaignId: string
  readonly #jobId: string
  #waiting: RecordedDelivery[] = []
  #last: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  constructor(mailer: Mailer, campaignId: string, jobId: string) {
    this.#db = mailer.db
    this.#office = mailer
    this.#campaignId = campaignId
    this.#jobId = jobId
  }

  /** Settles once it is written. */
  record(email: Outgoing, answer: Omit<DeliveryResult, 'userId' | 'letterId'>): Promise<void> {
    const { userId, letterId } = email
    this.#waiting.push({ userId, letterId, ...answer, letter: email })
    this.#next ??= this.#last = this.#last.then(() => this.#writeNext())
    return this.#next
  }

  async #writeNext(): Promise<void> {
    await sleep(batchWindowMs)
    this.#next = undefined
    await this.#persist(this.#waiting.splice(0))
  }

  async #persist(answers: RecordedDelivery[]): Promise<void> {
    const until = Date.now() + timeoutMs
    for (;;) {
      try {
        return await this.#write(answers)
      } catch (error) {
        if (Date.now() > until) throw error
        log.warn({ err: error as Error, letters: answers.length }, 'the answers of the mail server wait')
        await sleep(250)
      }
    }
  }

  #write(answers: RecordedDelivery[]): Promise<void> {
    return this.#db.transaction(async (tx) => {
      const became = new Map(
        (await updateDeliveryResults(tx, this.#campaignId, this.#jobId, answers)).map((row) => [
          row.letter_id,
          row.was,
        ]),
      )
      const fresh = answers.filter(({ letterId }) => became.has(letterId))
      const news = fresh.map(({ letterId, words }) => {
        const was = became.get(letterId) ?? 'away'
        return { letterId, status: states[was], answer: words, bounced: was === 'failed' }
      })
      if (news.length > 0) await recordDeliveryUpdates(tx, news)
      const held = fresh.find(({ was }) => addHold.has(was))
      if (held) await updateHeld(tx, this.#campaignId, held)
      for (const { letterId, letter: email, words } of fresh)
        if (states[became.get(letterId) ?? 'away'] === 'failed')
          this.#office.onFailed(tx, rowOf(email), words)
    })
  }
}

const states = {
  ...({ sent: 'sent', failed: 'failed', 'given up': 'failed' } as const),
  ...({ 'put off': 'queued', away: 'queued', sender: 'queued', slower: 'queued' } as const),
}

const rowOf = ({ userId, to }: Outgoing) => ({
  ...{ user_id: userId, to_name: to.name, to_address: to.email, template: 'canned_response' },
})
