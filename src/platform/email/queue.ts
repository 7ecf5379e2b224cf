import type { Tx } from '../db.ts'
import { enqueue, enqueueMany } from '../jobs.ts'
import {
  insertEmail,
  insertEmails,
  updateDeliveryStatuses,
  updateReplaced,
  type DeliveryUpdate,
} from './queries.ts'

export interface QueuedEmail {
  template: string
  to: { id: string; name: string; email: string }
  /** What the template needs. Never a secret, since it is stored in the database. */
  data: Record<string, unknown>
}

/** Queues an email in the transaction of its action: it is sent only if the transaction commits. */
export async function enqueueEmail(tx: Tx, { template, to, data }: QueuedEmail): Promise<void> {
  const emailId = await insertEmail(tx, template, to, data)
  enqueue(tx, 'deliver_email', { emailId })
}

/** Queues many emails in two statements. */
export async function enqueueEmails(tx: Tx, emails: QueuedEmail[]): Promise<void> {
  const emailIds = await insertEmails(tx, emails)
  const payloads = emailIds.map((emailId) => ({ emailId }))
  await enqueueMany(tx, 'deliver_email', payloads)
}

/** Saves emails that their sender delivers without the queue. `recordDeliveryUpdates` reports the results. */
export async function saveEmails(tx: Tx, emails: (QueuedEmail & { id: string })[]): Promise<void> {
  await insertEmails(tx, emails)
}

/** Records the delivery results of emails saved by `saveEmails`. */
export async function recordDeliveryUpdates(tx: Tx, updates: DeliveryUpdate[]): Promise<void> {
  await updateDeliveryStatuses(tx, updates)
}

/** Marks emails saved by `saveEmails` as replaced by others. */
export async function recordReplaced(tx: Tx, emailIds: string[]): Promise<void> {
  if (emailIds.length > 0) await updateReplaced(tx, emailIds)
}
