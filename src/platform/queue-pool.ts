import type pg from 'pg'
import { Db } from './db.ts'

/**
 * The connections of the queue itself, apart from those that its jobs work with: whatever the jobs hold, it can note that
 * one has ended. It does so without anybody waiting for it, so an error there would end this process, and leave the job
 * locked by the dead; but it tries again for minutes after an error whose code it takes for passing. Whatever a lost
 * connection or a busy server is the cause of gets such a code.
 */
export function openQueuePool(connectionString: string): Db {
  const db = new Db(connectionString, { max: 4, connectionTimeoutMillis: 30_000, statement_timeout: 60_000 })
  const { pool } = db
  const connect = pool.connect.bind(pool) as Ask
  pool.connect = ((...given: unknown[]) => withoutTimeout(connect(...given))) as pg.Pool['connect']
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Ask
    client.query = ((...given: unknown[]) => withoutTimeout(query(...given))) as pg.PoolClient['query']
  })
  return db
}

type Ask = (...given: unknown[]) => unknown

const withoutTimeout = (answer: unknown): unknown =>
  answer instanceof Promise
    ? answer.catch((error: Error & { code?: string }) => {
        throw isTheStatements(error) ? error : Object.assign(error, { code: 'ETIMEDOUT' })
      })
    : answer

/** Of the codes that a server gives, those of 08, 53 and 57 tell of itself, and the others of what it was asked. */
const isTheStatements = ({ code = '' }: { code?: string }) => /^(?=.*\d)(?!08|53|57)[0-9A-Z]{5}$/.test(code)
