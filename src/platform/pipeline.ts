import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import pg from 'pg'
import type { Statement } from './sql.ts'

/**
 * One connection for lookups. Those of the same moment are sent together, and their answers arrive together: to wake
 * either side up costs more than a lookup.
 */
export class Pipeline extends EventEmitter<{ query: [] }> {
  readonly #options: pg.ClientConfig
  #client: Promise<pg.Client> | undefined
  #isClosed = false

  constructor(options: pg.ClientConfig) {
    super()
    this.#options = options
  }

  async query({ name, text, values }: Statement): Promise<pg.QueryResult> {
    if (this.#isClosed) throw new Error('The pipeline was closed')
    this.emit('query')
    this.#client ??= this.#connect()
    const client = await this.#client
    holdBack(client)
    return client.query({ name, text, values } as pg.QueryConfig)
  }

  /** The next query after a lost connection opens another one. */
  #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#options, keepAlive: true })
    const connected = client.connect().then(() => client)
    const forget = () => {
      if (this.#client === connected) this.#client = undefined
    }
    client.on('error', forget).on('end', forget)
    connected.catch(forget)
    return connected
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }
}

const heldBack = new WeakSet<Socket>()

/** Holds back what is written to a connection until this turn of the event loop ends. */
export function holdBack(client: pg.ClientBase) {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  if (heldBack.has(stream)) return
  heldBack.add(stream)
  stream.cork()
  setImmediate(() => {
    heldBack.delete(stream)
    stream.uncork()
  })
}
