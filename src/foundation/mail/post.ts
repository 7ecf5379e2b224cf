import type { Tx } from '../db.ts'
import { enqueue, enqueueMany } from '../jobs.ts'
import { insertLetter, insertLetters, updateLetters, type LetterNews } from './queries.ts'

export interface Posting {
  template: string
  to: { id: string; name: string; email: string }
  /** What the letter tells; never a secret, since it stands in the database. */
  data: Record<string, unknown>
}

/** Puts a letter in the post as part of the deed's transaction: it leaves once the deed is done, and only then. */
export async function post(tx: Tx, { template, to, data }: Posting): Promise<void> {
  const letterId = await insertLetter(tx, template, to, data)
  await enqueue(tx, 'deliver_letter', { letterId })
}

/** The same for many letters, in two statements. */
export async function postMany(tx: Tx, postings: Posting[]): Promise<void> {
  const letterIds = await insertLetters(tx, postings)
  const payloads = letterIds.map((letterId) => ({ letterId }))
  await enqueueMany(tx, 'deliver_letter', payloads)
}

/** Writes letters down whose sender delivers them without the queue, and tells of them by `noteNews`. */
export async function writeDown(tx: Tx, postings: (Posting & { id: string })[]): Promise<void> {
  await insertLetters(tx, postings)
}

/** What became of letters that were written down so. */
export async function noteNews(tx: Tx, news: LetterNews[]): Promise<void> {
  await updateLetters(tx, news)
}
