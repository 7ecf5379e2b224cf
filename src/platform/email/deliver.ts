import type { Db, Tx } from '../db.ts'
import { emailContext, renderEmail, type EmailTemplates, type LinkPath, type EmailContext } from './render.ts'
import { selectOptionalEmail, updateDeliveryStatus, type EmailRow } from './queries.ts'
import { classify, serverAnswer } from './refusal.ts'
import type { Transport } from './transport.ts'

export interface Mailer {
  db: Db
  templates: EmailTemplates
  transport: Transport
  context: () => Promise<EmailContext>
  /** Creates the link of an email and starts its lifetime. */
  activateLink: LinkPath
  /** Called in the transaction that marks an email as failed. */
  onFailed: (
    tx: Tx,
    email: Pick<EmailRow, 'user_id' | 'to_name' | 'to_address' | 'template'>,
    answer: string,
  ) => void
}

/**
 * Delivers one email. If the server rejects the address permanently, the email fails at once. Any other failure is
 * thrown, so that the queue tries again. After the last attempt the email fails without counting against the address.
 */
export async function deliverEmail(mailer: Mailer, emailId: string, isLastAttempt: boolean): Promise<void> {
  const { db, templates, transport, activateLink } = mailer
  const email = await selectOptionalEmail(db, emailId)
  if (!email || email.status === 'sent') return
  try {
    const context = await emailContext(email.data, await mailer.context(), activateLink)
    const rendered = await renderEmail(templates, email.template, email.data, context)
    const answer = await transport.send(email, rendered, context.company.name)
    await updateDeliveryStatus(db, email.id, 'sent', answer)
  } catch (error) {
    const answer = serverAnswer(error as Error)
    const bounced = classify(error as Error) === 'person'
    if (bounced || isLastAttempt) await markFailed(mailer, email, answer, bounced)
    else await updateDeliveryStatus(db, email.id, 'queued', answer)
    if (!bounced) throw error
  }
}

function markFailed(
  { db, onFailed }: Mailer,
  email: EmailRow,
  answer: string,
  bounced: boolean,
): Promise<void> {
  return db.transaction(async (tx) => {
    await updateDeliveryStatus(tx, email.id, 'failed', answer, bounced)
    onFailed(tx, email, answer)
  })
}
