import type { Db, Tx } from '../db.ts'
import { settingOf, writeLetter, type LetterBook, type LinkPath, type Setting } from './letter.ts'
import { selectOptionalLetter, updateLetter, type LetterRow } from './queries.ts'
import { classify, wordsOf } from './refusal.ts'
import type { Transport } from './transport.ts'

export interface PostOffice {
  db: Db
  book: LetterBook
  transport: Transport
  setting: () => Promise<Setting>
  /** Makes the link that a letter carries, and starts its time. */
  armLink: LinkPath
  /** Told when a letter is given up, in the transaction that says so. */
  onFailed: (
    tx: Tx,
    letter: Pick<LetterRow, 'user_id' | 'to_name' | 'to_address' | 'template'>,
    answer: string,
  ) => void
}

/**
 * Delivers one email. An address that is refused for good fails it at once. Any other failure is thrown, for the queue to
 * try again, and fails it after the last attempt; then it does not count against the address.
 */
export async function deliverLetter(office: PostOffice, letterId: string, lastTry: boolean): Promise<void> {
  const { db, book, transport, armLink } = office
  const letter = await selectOptionalLetter(db, letterId)
  if (!letter || letter.status === 'sent') return
  try {
    const setting = await settingOf(letter.data, await office.setting(), armLink)
    const written = await writeLetter(book, letter.template, letter.data, setting)
    const answer = await transport.send(letter, written, setting.company.name)
    await updateLetter(db, letter.id, 'sent', answer)
  } catch (error) {
    const words = wordsOf(error as Error)
    const bounced = classify(error as Error) === 'person'
    if (bounced || lastTry) await giveUp(office, letter, words, bounced)
    else await updateLetter(db, letter.id, 'queued', words)
    if (!bounced) throw error
  }
}

function giveUp(
  { db, onFailed }: PostOffice,
  letter: LetterRow,
  answer: string,
  bounced: boolean,
): Promise<void> {
  return db.transaction(async (tx) => {
    await updateLetter(tx, letter.id, 'failed', answer, bounced)
    onFailed(tx, letter, answer)
  })
}
