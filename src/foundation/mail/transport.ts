import { createTransport } from 'nodemailer'
import type { LetterRow } from './queries.ts'
import type { Written } from './letter.ts'

/** Hands a letter to the mail server and gives its answer. */
export type Transport = (to: LetterRow, written: Written) => Promise<string>

/** Nothing leaves the house: the letter stays where the dev outbox shows it. */
export const keepInOutbox: Transport = () => Promise.resolve('kept in the dev outbox')

export function smtp(url: string, from: string, companyName: string): Transport {
  const mailer = createTransport({
    url,
    pool: true,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: 10_000,
    socketTimeout: 20_000,
  })
  const domain = from.split('@')[1] ?? 'fieldkey'
  return async (letter, { subject, html, text }) => {
    // Addresses go in as checked objects: nodemailer would split a string at commas and line breaks.
    const sent: unknown = await mailer.sendMail({
      from: { name: companyName, address: from },
      to: { name: letter.to_name, address: letter.to_address },
      envelope: { from, to: [letter.to_address] },
      messageId: `<${letter.id}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      subject: subject.replace(/[\r\n]+/g, ' '),
      ...{ html, text },
    })
    return String((sent as { response?: string }).response ?? 'accepted')
  }
}
