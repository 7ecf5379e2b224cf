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

  async query(statement: Statement): Promise<pg.QueryResult> {
    if (this.#isClosed) throw new Error('The pipeline was closed')
    this.emit('query')
    const connected = this.#connected()
    try {
      return await send(await connected, statement)
    } catch (error) {
      if (!isStale(error)) throw error
      this.#forget(connected)
      return send(await this.#connected(), statement)
    }
  }

  /** The present connection, or another one if it was lost. */
  #connected(): Promise<pg.Client> {
    return (this.#client ??= this.#connect())
  }

  #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#options, ...keptAlive })
    const connected = client.connect().then(() => client)
    const forget = () => this.#forget(connected)
    client.on('error', forget).on('end', forget)
    connected.catch(forget)
    return connected
  }

  /** What was sent is still answered, if the connection can. */
  #forget(connected: Promise<pg.Client>) {
    if (this.#client !== connected) return
    this.#client = undefined
    connected.then((client) => client.end()).catch(() => {})
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const client = await this.#client?.catch(() => undefined)
    await client?.end()
  }
}

function send(client: pg.Client, { name, text, values }: Statement): Promise<pg.QueryResult> {
  holdBack(client)
  return client.query({ name, text, values } as pg.QueryConfig)
}

/** A prepared statement that the database no longer has, or whose columns changed since. It did nothing. */
const isStale = (error: unknown): boolean =>
  ['26000', '0A000'].includes(String((error as { code?: unknown }).code))

/** Firewalls drop connections that are quiet for minutes, and systems ask after two hours. */
export const keptAlive = { keepAlive: true, keepAliveInitialDelayMillis: 30_000 }

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
