import { finished, type Readable } from 'node:stream'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type Db, interpolate, type Sql } from './db.ts'
import { TooManyRequests } from './web/errors.ts'

/**
 * Streams the rows of a query as CSV, header first, over its own connection, so that a slow reader blocks nobody
 * else. When the reader goes away, the query ends.
 * Calls with the same `mutex` run one at a time in all processes together. A second one fails with `TooManyRequests`.
 * `query_timeout` covers only the statements before the rows: pg would otherwise abort the rows too.
 */
export async function copyToCsv(db: Db, statement: Sql, mutex: string): Promise<Readable> {
  const { query_timeout, ...options } = db.pool.options
  const client = new pg.Client({ ...options, pipeline: false, statement_timeout: 30 * 60_000 })
  const query = (text: string) => {
    const statement = { text, query_timeout }
    return client.query(statement)
  }
  client.on('error', () => {}) // the stream reports it
  await client.connect()
  try {
    // A query that has sent nothing for a while notices that its reader is gone, on systems that can tell.
    await query("set client_connection_check_interval = '1s'").catch(() => {})
    if (!(await takeMutex(query, mutex))) throw new TooManyRequests(30)
    const stream = client.query(
      copyTo(`copy (${interpolate(statement)}) to stdout (format csv, header, force_quote *)`),
    )
    finished(stream, () => abort(client))
    return stream
  } catch (error) {
    abort(client)
    throw error
  }
}

/** Waits up to a second, since the database may notice late that the last export has ended. */
async function takeMutex(query: (text: string) => Promise<unknown>, mutex: string): Promise<boolean> {
  const lock = `select pg_advisory_lock(hashtext(${pg.escapeLiteral(mutex)}))`
  try {
    await query(`begin; set local lock_timeout = '1s'; ${lock}; commit`)
    return true
  } catch (error) {
    if ((error as pg.DatabaseError).code === notAvailable) return false
    throw error
  }
}
const notAvailable = '55P03'

/** Closes the socket at once. An orderly end would wait for the running query. */
function abort(client: pg.Client) {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}
