import type pg from 'pg'
import { Db } from './db.ts'

/**
 * The queue's own connections, separate from those of its jobs, so that it can always store that a job has ended.
 * graphile-worker does that in the background: an error there would end this process and leave the job locked. Errors
 * with a code that it takes for temporary are retried for minutes, so every error of a lost connection or a busy
 * server gets such a code.
 */
export function openQueuePool(connectionString: string): Db {
  const db = new Db(connectionString, { max: 4, connectionTimeoutMillis: 30_000, statement_timeout: 60_000 })
  const { pool } = db
  const connect = pool.connect.bind(pool) as AnyFunction
  pool.connect = ((...args: unknown[]) => retryable(connect(...args))) as pg.Pool['connect']
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as AnyFunction
    client.query = ((...args: unknown[]) => retryable(query(...args))) as pg.PoolClient['query']
  })
  return db
}

type AnyFunction = (...args: unknown[]) => unknown

const retryable = (result: unknown): unknown =>
  result instanceof Promise
    ? result.catch((error: Error & { code?: string }) => {
        throw isStatementError(error) ? error : Object.assign(error, { code: 'ETIMEDOUT' })
      })
    : result

/** Of PostgreSQL's error codes, classes 08, 53 and 57 concern the server; all others concern the statement. */
const isStatementError = ({ code = '' }: { code?: string }) => /^(?=.*\d)(?!08|53|57)[0-9A-Z]{5}$/.test(code)
