import type { Db, Tx } from '../db.ts'
import { settingOf, writeLetter, type LetterBook, type LinkPath, type Setting } from './letter.ts'
import { selectOptionalLetter, updateLetter, type LetterRow } from './queries.ts'
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

/** Delivers one letter. A failure is thrown, for the queue to try again; after the last try the letter has failed. */
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
    const words = (error as Error).message
    await (lastTry ? giveUp(office, letter, words) : updateLetter(db, letter.id, 'queued', words))
    throw error
  }
}

function giveUp({ db, onFailed }: PostOffice, letter: LetterRow, answer: string): Promise<void> {
  return db.transaction(async (tx) => {
    await updateLetter(tx, letter.id, 'failed', answer)
    onFailed(tx, letter, answer)
  })
}
