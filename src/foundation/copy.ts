import { finished, type Readable } from 'node:stream'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type Db, inlined, type Sql } from './db.ts'

/**
 * Streams the rows of a query as CSV, header first, over a connection of its own, so that a slow reader keeps nobody
 * waiting. When the reader goes away the query ends with it. Of those who name the same `mutex` one runs at a time, in
 * all processes together; undefined when another does.
 */
export async function copyOut(db: Db, query: Sql, mutex: string): Promise<Readable | undefined> {
  const client = new pg.Client({ ...db.pool.options, pipeline: false, statement_timeout: 30 * 60_000 })
  client.on('error', () => {}) // told by the stream
  await client.connect()
  try {
    // A query that has sent nothing for a while finds out that nobody listens any more; where the system can tell.
    await client.query("set client_connection_check_interval = '1s'").catch(() => {})
    const { rows } = await client.query<{ free: boolean }>(
      'select pg_try_advisory_lock(hashtext($1)) as free',
      [mutex],
    )
    if (!rows[0]?.free) {
      await client.end()
      return undefined
    }
    const stream = client.query(
      copyTo(`copy (${inlined(query)}) to stdout (format csv, header, force_quote *)`),
    )
    finished(stream, () => hangUp(client))
    return stream
  } catch (error) {
    hangUp(client)
    throw error
  }
}

/** Not in order but at once: a query under way is not waited for. */
function hangUp(client: pg.Client) {
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
}
