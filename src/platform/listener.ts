import pg from 'pg'
import { keptAlive } from './pipeline.ts'

const retryMs = 1_000

/**
 * Hears what the database announces on a channel (LISTEN), over a connection of its own, which it opens again when it
 * is lost. It hears nothing behind a pooler that lends its connections for a transaction.
 */
export class Listener {
  readonly #options: pg.ClientConfig
  readonly #channel: string
  readonly #onHeard: () => void
  readonly #announce: () => Promise<unknown>
  #client: pg.Client | undefined
  #retry: NodeJS.Timeout | undefined
  #isHearing = false

  /** `announce` sends a notification on the channel, over another connection. */
  constructor(
    options: pg.ClientConfig,
    channel: string,
    onHeard: () => void,
    announce: () => Promise<unknown>,
  ) {
    this.#options = options
    this.#announce = announce
    this.#channel = channel
    this.#onHeard = onHeard
    this.#connect()
  }

  /** Whether it has heard an announcement on the present connection: then it hears all. */
  get isHearing(): boolean {
    return this.#isHearing
  }

  #connect() {
    const client = new pg.Client({ ...this.#options, ...keptAlive })
    this.#client = client
    client.on('notification', () => {
      this.#isHearing = true
      this.#onHeard()
    })
    client.on('error', () => this.#reconnect(client))
    client.on('end', () => this.#reconnect(client))
    client
      .connect()
      .then(() => client.query(`listen ${this.#channel}`))
      .then(() => this.#announce())
      .catch(() => this.#reconnect(client))
  }

  #reconnect(client: pg.Client) {
    if (client !== this.#client) return
    this.#client = undefined
    this.#isHearing = false
    client.end().catch(() => {})
    this.#retry = setTimeout(() => this.#connect(), retryMs).unref()
  }

  async close(): Promise<void> {
    clearTimeout(this.#retry)
    const client = this.#client
    this.#client = undefined
    this.#isHearing = false
    await client?.end().catch(() => {})
  }
}
