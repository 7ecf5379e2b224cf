import type { Db, Tx } from '../db.ts'
import { emailContext, renderEmail, type EmailTemplates, type LinkPath, type EmailContext } from './render.ts'
import { selectOptionalEmail, updateDeliveryStatus, type EmailRow } from './queries.ts'
import { classify, wordsOf } from './refusal.ts'
import type { Transport } from './transport.ts'

export interface Mailer {
  db: Db
  templates: EmailTemplates
  transport: Transport
  context: () => Promise<EmailContext>
  /** Makes the link that a letter carries, and starts its time. */
  activateLink: LinkPath
  /** Told when a letter is given up, in the transaction that says so. */
  onFailed: (
    tx: Tx,
    email: Pick<EmailRow, 'user_id' | 'to_name' | 'to_address' | 'template'>,
    answer: string,
  ) => void
}

/**
 * Delivers one email. An address that is refused for good fails it at once. Any other failure is thrown, for the queue to
 * try again, and fails it after the last attempt; then it does not count against the address.
 */
export async function deliverEmail(mailer: Mailer, emailId: string, lastTry: boolean): Promise<void> {
  const { db, templates: book, transport, activateLink: armLink } = mailer
  const email = await selectOptionalEmail(db, emailId)
  if (!email || email.status === 'sent') return
  try {
    const setting = await emailContext(email.data, await mailer.context(), armLink)
    const written = await renderEmail(book, email.template, email.data, setting)
    const answer = await transport.send(email, written, setting.company.name)
    await updateDeliveryStatus(db, email.id, 'sent', answer)
  } catch (error) {
    const words = wordsOf(error as Error)
    const bounced = classify(error as Error) === 'person'
    if (bounced || lastTry) await giveUp(mailer, email, words, bounced)
    else await updateDeliveryStatus(db, email.id, 'queued', words)
    if (!bounced) throw error
  }
}

function giveUp({ db, onFailed }: Mailer, email: EmailRow, answer: string, bounced: boolean): Promise<void> {
  return db.transaction(async (tx) => {
    await updateDeliveryStatus(tx, email.id, 'failed', answer, bounced)
    onFailed(tx, email, answer)
  })
}
