import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../../foundation/db.ts'
import { log } from '../../../foundation/log.ts'
import { noteNews } from '../../../foundation/mail/post.ts'
import type { PostOffice } from '../../../foundation/mail/deliver.ts'
import { holding, updateAnswered, updateHeld, type Answer } from './queries.ts'
import type { Outgoing } from '../claim.ts'

type Noted = Answer & { letter: Outgoing }

const patience = 5 * 60_000
/** Milliseconds that an answer waits for those right behind it, to be written together with them. */
const gathering = 5

/**
 * Notes what the mail server said of each letter, as soon as it said so: one at a time writes, and takes along whatever
 * was said meanwhile. While the database is away it keeps what it knows and tries on, since a letter whose answer is
 * lost is sent again.
 */
export class Answers {
  readonly #db: Db
  readonly #office: PostOffice
  readonly #campaignId: string
  readonly #jobId: string
  #waiting: Noted[] = []
  #last: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  constructor(office: PostOffice, campaignId: string, jobId: string) {
    this.#db = office.db
    this.#office = office
    this.#campaignId = campaignId
    this.#jobId = jobId
  }

  /** Settles once it is written. */
  note(letter: Outgoing, answer: Omit<Answer, 'userId' | 'letterId'>): Promise<void> {
    const { userId, letterId } = letter
    this.#waiting.push({ userId, letterId, ...answer, letter })
    this.#next ??= this.#last = this.#last.then(() => this.#writeNext())
    return this.#next
  }

  async #writeNext(): Promise<void> {
    await sleep(gathering)
    this.#next = undefined
    await this.#persist(this.#waiting.splice(0))
  }

  async #persist(answers: Noted[]): Promise<void> {
    const until = Date.now() + patience
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

  #write(answers: Noted[]): Promise<void> {
    return this.#db.transaction(async (tx) => {
      const became = new Map(
        (await updateAnswered(tx, this.#campaignId, this.#jobId, answers)).map((row) => [
          row.letter_id,
          row.was,
        ]),
      )
      const fresh = answers.filter(({ letterId }) => became.has(letterId))
      const news = fresh.map(({ letterId, words }) => {
        const was = became.get(letterId) ?? 'away'
        return { letterId, status: states[was], answer: words, bounced: was === 'failed' }
      })
      if (news.length > 0) await noteNews(tx, news)
      const held = fresh.find(({ was }) => holding.has(was))
      if (held) await updateHeld(tx, this.#campaignId, held)
      for (const { letterId, letter, words } of fresh)
        if (states[became.get(letterId) ?? 'away'] === 'failed')
          this.#office.onFailed(tx, rowOf(letter), words)
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
