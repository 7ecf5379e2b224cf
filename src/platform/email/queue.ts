import type { Tx } from '../db.ts'
import { enqueue, enqueueMany } from '../jobs.ts'
import { insertEmail, insertEmails, updateDeliveryStatuses, type DeliveryUpdate } from './queries.ts'

export interface QueuedEmail {
  template: string
  to: { id: string; name: string; email: string }
  /** What the letter tells; never a secret, since it stands in the database. */
  data: Record<string, unknown>
}

/** Puts a letter in the post as part of the deed's transaction: it leaves once the deed is done, and only then. */
export async function enqueueEmail(tx: Tx, { template, to, data }: QueuedEmail): Promise<void> {
  const emailId = await insertEmail(tx, template, to, data)
  await enqueue(tx, 'deliver_letter', { emailId })
}

/** The same for many letters, in two statements. */
export async function enqueueEmails(tx: Tx, emails: QueuedEmail[]): Promise<void> {
  const emailIds = await insertEmails(tx, emails)
  const payloads = emailIds.map((emailId) => ({ emailId }))
  await enqueueMany(tx, 'deliver_letter', payloads)
}

/** Writes letters down whose sender delivers them without the queue, and tells of them by `noteNews`. */
export async function saveEmails(tx: Tx, emails: (QueuedEmail & { id: string })[]): Promise<void> {
  await insertEmails(tx, emails)
}

/** What became of letters that were written down so. */
export async function recordDeliveryUpdates(tx: Tx, news: DeliveryUpdate[]): Promise<void> {
  await updateDeliveryStatuses(tx, news)
}
