import { finished, type Readable } from 'node:stream'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type Db, inlined, type Sql } from './db.ts'
import { TooManyRequests } from './web/errors.ts'

/**
 * Streams the rows of a query as CSV, header first, over a connection of its own, so that a slow reader keeps nobody
 * waiting. When the reader goes away the query ends with it. Of those who name the same `mutex` one runs at a time, in
 * all processes together; Throttled when another does. Only what comes before the rows must be answered soon: pg would
 * break off the rows, too, once its `query_timeout` is over.
 */
export async function copyToCsv(db: Db, query: Sql, mutex: string): Promise<Readable> {
  const { query_timeout, ...options } = db.pool.options
  const client = new pg.Client({ ...options, pipeline: false, statement_timeout: 30 * 60_000 })
  const ask = (text: string) => {
    const soon = { text, query_timeout }
    return client.query(soon)
  }
  client.on('error', () => {}) // told by the stream
  await client.connect()
  try {
    // A query that has sent nothing for a while finds out that nobody listens any more; where the system can tell.
    await ask("set client_connection_check_interval = '1s'").catch(() => {})
    if (!(await takesTurn(ask, mutex))) throw new TooManyRequests(30)
    const stream = client.query(
      copyTo(`copy (${inlined(query)}) to stdout (format csv, header, force_quote *)`),
    )
    finished(stream, () => abort(client))
    return stream
  } catch (error) {
    abort(client)
    throw error
  }
}

/** The database may notice a moment late that the last one has ended. */
async function takesTurn(ask: (text: string) => Promise<unknown>, mutex: string): Promise<boolean> {
  const lock = `select pg_advisory_lock(hashtext(${pg.escapeLiteral(mutex)}))`
  try {
    await ask(`begin; set local lock_timeout = '1s'; ${lock}; commit`)
    return true
  } catch (error) {
    if ((error as pg.DatabaseError).code === notAvailable) return false
    throw error
  }
}
const notAvailable = '55P03'

/** Not in order but at once: a query under way is not waited for. */
function abort(client: pg.Client) {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}
