import { MailConnections } from './mail-connections.ts'
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
  const connections = new MailConnections(url)
  const domain = from.split('@')[1] ?? 'fieldkey'
  return {
    // Addresses are passed as validated objects: nodemailer would split a string at commas and line breaks.
    send: (email, { subject, html, text }, fromName) =>
      connections.send({
        from: { name: fromName, address: from },
        to: { name: email.to_name, address: email.to_address },
        envelope: { from, to: [email.to_address] },
        messageId: `<${email.id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        subject: subject.replace(/[\r\n]+/g, ' '),
        html,
        text,
      }),
    close: () => connections.close(),
  }
}
