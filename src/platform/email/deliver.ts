import type { Db, Tx } from '../db.ts'
import {
  emailContext,
  renderEmail,
  type CallerCodeOf,
  type EmailTemplates,
  type LinkPath,
  type EmailContext,
} from './render.ts'
import { selectOptionalEmail, updateDeliveryStatus, type Delivery, type EmailRow } from './queries.ts'
import { classify, serverAnswer } from './refusal.ts'
import type { Transport } from './transport.ts'

export interface Mailer {
  db: Db
  templates: EmailTemplates
  transport: Transport
  context: () => Promise<EmailContext>
  /** Creates the link of an email and starts its lifetime. */
  activateLink: LinkPath
  callerCodeOf: CallerCodeOf
  /** Called in the transaction that marks an email as failed. */
  onFailed: (
    tx: Tx,
    email: Pick<EmailRow, 'user_id' | 'to_name' | 'to_address' | 'template'>,
    delivery: Delivery,
  ) => void
}

/**
 * Delivers one email. If the server rejects the address permanently, the email fails at once. Any other failure is
 * thrown, so that the queue tries again. After the last attempt the email fails without counting against the address.
 */
export async function deliverEmail(mailer: Mailer, emailId: string, isLastAttempt: boolean): Promise<void> {
  const { db, transport } = mailer
  const email = await selectOptionalEmail(db, emailId)
  if (!email || email.status === 'sent') return
  const notSent = (delivery: Delivery, isFinal: boolean, bounced = false) =>
    isFinal
      ? markFailed(mailer, email, delivery, bounced)
      : updateDeliveryStatus(db, email.id, 'queued', delivery)
  const { rendered, company } = await write(mailer, email).catch(async (error) => {
    await notSent({ reason: { code: 'not_written' } }, isLastAttempt)
    throw error
  })
  try {
    const answer = await transport.send(email, rendered, company.name)
    await updateDeliveryStatus(db, email.id, 'sent', { answer })
  } catch (error) {
    const bounced = classify(error as Error) === 'person'
    await notSent({ answer: serverAnswer(error as Error) }, bounced || isLastAttempt, bounced)
    if (!bounced) throw error
  }
}

async function write(mailer: Mailer, { template, data }: EmailRow) {
  const context = await emailContext(data, await mailer.context(), mailer.activateLink, mailer.callerCodeOf)
  return {
    rendered: renderEmail(mailer.templates, template, data, context),
    company: context.company,
  }
}

function markFailed(
  { db, onFailed }: Mailer,
  email: EmailRow,
  delivery: Delivery,
  bounced: boolean,
): Promise<void> {
  return db.transaction(async (tx) => {
    await updateDeliveryStatus(tx, email.id, 'failed', delivery, bounced)
    onFailed(tx, email, delivery)
  })
}
