import { createTransport } from 'nodemailer'
import { log } from '../log.ts'
import type { EmailRow } from './queries.ts'
import type { RenderedEmail } from './render.ts'

type Addressed = Pick<EmailRow, 'id' | 'to_name' | 'to_address'>

export interface Transport {
  /** Sends an email to the mail server and returns its answer. */
  send(email: Addressed, rendered: RenderedEmail, fromName: string): Promise<string>
  close(): void
}

/** Sends nothing: emails stay in the database, where the dev outbox shows them. */
export const outboxTransport: Transport = {
  send: () => Promise.resolve('kept in the dev outbox'),
  close() {},
}

export function smtp(url: string, from: string): Transport {
  const mailer = createTransport({
    url,
    pool: true,
    // Exim delivers only the first ten emails of a connection at once and leaves the rest to its next queue run.
    maxMessages: 10,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: 10_000,
    socketTimeout: 20_000,
  })
  mailer.on('error', (error) => log.warn({ err: error }, 'the connection to the mail server')) // the send of each email reports its own error
  const domain = from.split('@')[1] ?? 'fieldkey'
  return {
    // Addresses are passed as validated objects: nodemailer would split a string at commas and line breaks.
    async send(email, { subject, html, text }, fromName) {
      const sent = await mailer.sendMail({
        from: { name: fromName, address: from },
        to: { name: email.to_name, address: email.to_address },
        envelope: { from, to: [email.to_address] },
        messageId: `<${email.id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        subject: subject.replace(/[\r\n]+/g, ' '),
        html,
        text,
      })
      return String((sent as { response?: string }).response ?? 'accepted')
    },
    close: () => mailer.close(),
  }
}
