import { createTransport, type SendMailOptions } from 'nodemailer'
import { log } from '../log.ts'
import { mayConcernConnection, type SmtpError } from './refusal.ts'

const maxConnections = 5
/** Exim delivers only the first ten emails of a connection at once and leaves the rest to its next queue run. */
const emailsPerConnection = 10

/**
 * Connections to the mail server, each kept for several emails. Servers limit what they accept on one connection and
 * refuse the rest without closing it, in the same words as any other refusal. So a refusal that is not about the
 * address ends its connection, and if that one had been used before, the email is tried once more on a fresh one:
 * only an answer there says something about all emails.
 */
export class MailConnections {
  readonly #idle: Connection[]
  readonly #all: readonly Connection[]
  readonly #waiting: ((connection: Connection) => void)[] = []

  constructor(url: string) {
    this.#all = Array.from({ length: maxConnections }, () => new Connection(url))
    this.#idle = [...this.#all]
  }

  /** Sends an email and returns the server's answer. */
  async send(email: SendMailOptions): Promise<string> {
    const connection = this.#idle.pop() ?? (await new Promise<Connection>((take) => this.#waiting.push(take)))
    try {
      return await connection.send(email)
    } finally {
      const next = this.#waiting.shift()
      if (next) next(connection)
      else this.#idle.push(connection)
    }
  }

  /** Emails being sent are finished first; those that still wait for a connection fail. */
  close(): void {
    for (const connection of this.#all) connection.close()
  }
}

/** One connection after another: each is opened by its first email, and again if the server closed it meanwhile. */
class Connection {
  readonly #url: string
  #mailer: ReturnType<typeof open>
  /** How many emails the open connection was used for. */
  #used = 0
  #closed = false

  constructor(url: string) {
    this.#url = url
    this.#mailer = open(url)
  }

  async send(email: SendMailOptions): Promise<string> {
    const wasUsed = this.#used > 0
    try {
      return await this.#sendOnce(email)
    } catch (error) {
      if (!wasUsed || !mayConcernConnection(error as SmtpError)) throw error
      return this.#sendOnce(email)
    }
  }

  async #sendOnce(email: SendMailOptions): Promise<string> {
    try {
      const sent = await this.#mailer.sendMail(email)
      if (++this.#used >= emailsPerConnection) this.#renew()
      return String((sent as { response?: string }).response ?? 'accepted')
    } catch (error) {
      const isKept = (error as SmtpError).responseCode && !mayConcernConnection(error as SmtpError)
      if (isKept) this.#used++
      else this.#renew()
      throw error
    }
  }

  /** Ends the open connection at once, so that it does not count against a limit when the next one opens. */
  #renew(): void {
    this.#used = 0
    this.#mailer.close({ force: true })
    if (!this.#closed) this.#mailer = open(this.#url)
  }

  close(): void {
    this.#closed = true
    this.#mailer.close()
  }
}

/** nodemailer's pool of one connection, which it opens when needed and closes when idle. */
function open(url: string) {
  const mailer = createTransport({
    url,
    pool: true,
    maxConnections: 1,
    maxMessages: Infinity,
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: 10_000,
    socketTimeout: 20_000,
  })
  mailer.on('error', (error) => log.warn({ err: error }, 'the connection to the mail server')) // the send of each email reports its own error
  return mailer
}
