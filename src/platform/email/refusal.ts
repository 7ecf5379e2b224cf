import {
  anyQuota,
  forNow,
  greylisted,
  mailbox,
  persons,
  policy,
  quota,
  receivesTooMuch,
  tooFast,
} from './refusal-words.ts'

/** nodemailer's error for an email that the mail server rejected. */
export interface SmtpError extends Error {
  code?: string
  /** The SMTP command that was rejected; DATA also for the answer to the message itself. */
  command?: string
  responseCode?: number
  /** The server's answer, code included; several lines where it has several. */
  response?: string
}

/**
 * What a rejection means.
 * - `person`: this address is rejected permanently.
 * - `later`: this email is rejected for now.
 * - For all others, every email waits: the server is `away`, rejects the `sender` (quota, policy, authentication), or
 *   wants it `slower`.
 */
export type Refusal = 'person' | 'later' | 'away' | 'sender' | 'slower'

/**
 * Classifies a rejection by the SMTP command, then by the enhanced status code (RFC 3463), and by phrases only if the
 * code says too little. Without clear evidence against the address the fault counts as ours, so that nobody is given
 * up for it.
 */
export function classify({ code, command = '', responseCode, response: whole = '' }: SmtpError): Refusal {
  if (!responseCode) return code === 'EENVELOPE' && command === 'API' ? 'person' : 'away'
  const response = whole.slice(0, 2_000).replace(/\S+@\S+/g, '…') // an address means nothing here
  const permanent = responseCode >= 500
  const ourFault = isOurFault(response)
  if (!aboutTheEmail.has(command)) return ourFault ?? (permanent ? 'sender' : 'away')
  if (responseCode === 421) return ourFault ?? 'away'
  const status = statusIn(response)
  if (!permanent) return deferral(status, response)
  // The server accepted the address at RCPT TO and has not seen the message, so its answer is not about the person.
  const isBeforeMessage = command === 'DATA' && code === 'EENVELOPE'
  if (greylisted.test(response) || receivesTooMuch.test(response)) return 'later'
  const limit = limitOf(response, status)
  if (limit) return limit
  if (forNow.test(response)) return 'later'
  if (isBeforeMessage) return 'sender'
  const exact = status && byStatus[status]
  if (exact) return exact
  const subject = status?.split('.')[0]
  if (subject === '7') return 'sender'
  return ourFault ?? (persons.test(response) ? 'person' : bySubject(subject, command, responseCode))
}

/**
 * Whether a rejection may concern the connection it came on: the server answered, and said nothing about the address.
 * Servers that limit a connection use the same words as for any other rejection.
 */
export function mayConcernConnection(error: SmtpError): boolean {
  const { responseCode, response = '' } = error
  const refusal = classify(error)
  if (!responseCode || refusal === 'person') return false
  return refusal !== 'later' || !concernsAddress(response.slice(0, 2_000).replace(/\S+@\S+/g, '…'))
}

const concernsAddress = (response: string): boolean =>
  byStatus[statusIn(response) ?? ''] === 'person' ||
  [greylisted, receivesTooMuch, persons].some((words) => words.test(response))

/** The server's answer as stored and shown: on one line, without anything that may be the token of a link. */
export const serverAnswer = ({ message }: Error): string =>
  message.replace(/\s+/g, ' ').replace(/[\w-]{43,}/g, '…')

/** Before these commands the server does not know who the email is for. */
const aboutTheEmail = new Set(['RCPT TO', 'DATA'])

/** Subject and detail of an enhanced status code, such as 1.1 in 5.1.1. IP addresses do not match. */
const statusIn = (response: string): string | undefined =>
  /(?<![\d.])[45]\.(\d{1,3}\.\d{1,3})(?!\d|\.\d)/.exec(response)?.[1]

/** Permanent rejections by subject.detail, where that alone says enough. (IANA, SMTP Enhanced Status Codes) */
const byStatus: Record<string, Refusal> = {
  '1.1': 'person', // no such mailbox
  '1.2': 'person', // no such domain
  '1.3': 'person', // not an address
  '1.4': 'person', // ambiguous
  '1.6': 'person', // has moved
  '1.7': 'sender',
  '1.8': 'sender',
  '1.10': 'person', // the domain accepts no mail
  '1.90': 'sender', // Exchange Online: daily limit
  '2.1': 'person', // disabled
  '2.2': 'person', // full
  '2.3': 'sender', // email too large
  '2.4': 'person', // mailing list
  '4.5': 'sender', // Gmail: daily limit
  '5.3': 'slower', // too many recipients, where each email has one
  '7.17': 'person', // the mailbox has another owner
  '7.18': 'person', // the domain has another owner
}

function bySubject(subject: string | undefined, command: string, responseCode: number): Refusal {
  if (subject === '1' || subject === '2') return 'person'
  if (subject === '4') return 'later'
  const address = command === 'RCPT TO' && aboutAddresses.has(responseCode)
  return address && (subject === undefined || subject === '0') ? 'person' : 'sender'
}
/**
 * A server's answers to RCPT TO for an address that it does not serve (RFC 5321 section 4.2.3, RFC 7504). 550 is
 * missing: servers use it as often for senders, so the phrases decide there.
 */
const aboutAddresses = new Set([501, 551, 552, 553, 556])

function deferral(status: string | undefined, response: string): Refusal {
  if (greylisted.test(response) || receivesTooMuch.test(response)) return 'later'
  if (status && byStatus[status] === 'person' && !quota.test(response)) return 'later'
  if (status === '5.3') return 'slower'
  if (status === '3.1' || status === '3.2') return isOurFault(response) ?? 'away'
  if (status === '1.7' || status === '1.8') return 'sender'
  return isOurFault(response) ?? 'later'
}

/** Phrases about a sender. Relays send them with many codes, also with those of a bad address. */
const isOurFault = (response: string): Refusal | undefined =>
  limitOf(response) ?? (policy.test(response) ? 'sender' : undefined)

/** A full mailbox's status or a phrase says whose quota is used up. */
function limitOf(response: string, status?: string): Refusal | undefined {
  if (quota.test(response)) return 'sender'
  if (tooFast.test(response)) return 'slower'
  const isOurs = status !== '2.2' && anyQuota.test(response) && !mailbox.test(response)
  return isOurs ? 'sender' : undefined
}
