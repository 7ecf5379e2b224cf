import { createHash } from 'node:crypto'
import pg from 'pg'
import { z } from 'zod'
import { Listener } from './listener.ts'
import { Pipeline } from './pipeline.ts'
import { lockTimeoutSeconds, graceMs, Transaction } from './transaction.ts'
import { type Sql, type Statement } from './sql.ts'

export { allOf, anyOf, constant, containing, finds, interpolate, sql, Sql, utc } from './sql.ts'

/** The connection pool. Reading functions take a `Queryable`; functions that record or enqueue require a `Tx`. */
export class Db {
  readonly pool: pg.Pool
  readonly lookups: Pipeline
  /** For the counts of limits, each of which is one short statement. */
  readonly counts: Pipeline
  readonly #pending = new Set<Promise<unknown>>()
  readonly #listeners: Listener[] = []

  constructor(connectionString: string, options: pg.PoolConfig = {}) {
    this.pool = new pg.Pool({
      connectionString,
      max: 10,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 5_000,
      idle_in_transaction_session_timeout: 10_000,
      pipeline: true,
      // A page is ready before parallel workers of its query would have started.
      options: '-c max_parallel_workers_per_gather=0',
      ...options,
    })
    const { statement_timeout: timeout } = this.pool.options
    if (timeout) this.pool.options.query_timeout = Number(timeout) + graceMs
    this.lookups = new Pipeline(this.pool.options)
    this.counts = new Pipeline({
      ...this.pool.options,
      // One connection flushes one count after the other. If the database crashes, those of a moment are lost.
      options: `${this.pool.options.options} -c synchronous_commit=off`,
    })
    // A lost connection fails its query or is replaced at the next one. Without a listener it would end the process.
    this.pool.on('error', () => {})
    this.pool.on('connect', (client) => client.on('error', () => {}))
  }

  query(statement: Statement) {
    if (statement.isLookup) return this.lookups.query(statement)
    const { name, text, values } = statement
    return this.pool.query({ name, text, values })
  }

  /** For a library that sends few statements, always with the same text: each connection parses each of them once. */
  preparedPool(): pg.Pool {
    const nameOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)
    const query = (text: string, values: unknown[]) => this.pool.query({ name: nameOf(text), text, values })
    return { query } as pg.Pool
  }

  get #hasShortTimeout(): boolean {
    const { statement_timeout } = this.pool.options
    return Boolean(statement_timeout) && Number(statement_timeout) < lockTimeoutSeconds * 1000
  }

  /**
   * Runs `work` in one transaction: all of it is saved, or nothing. On a deadlock the database aborts one of the two
   * transactions, which is then run once more.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await this.#once(work)
    } catch (error) {
      if ((error as { code?: unknown }).code !== deadlock) throw error
      return this.#once(work)
    }
  }

  async #once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect()
    const tx = new Transaction(client)
    try {
      await client.query('begin')
      const result = await work(tx)
      const onCommitted = await tx.commit(this.#hasShortTimeout)
      client.release()
      onCommitted()
      return result
    } catch (thrown) {
      const error = tx.failure ?? thrown
      if (isQueryTimeout(error)) client.release(error)
      else
        await client.query('rollback').then(
          () => client.release(),
          (broken: Error) => client.release(broken),
        )
      throw error
    }
  }

  /** Keeps the pool open until this work is done, even if its caller is gone. */
  async trackUntilClose<T>(work: Promise<T>): Promise<T> {
    const settled = work.catch(() => {})
    this.#pending.add(settled)
    return work.finally(() => this.#pending.delete(settled))
  }

  /** Hears what is announced on a channel, until this is closed. */
  listen(channel: string, onHeard: () => void): Listener {
    const announce = () => this.pool.query(`notify ${channel}`)
    const listener = new Listener(this.pool.options, channel, onHeard, announce)
    this.#listeners.push(listener)
    return listener
  }

  async close() {
    await Promise.all(this.#listeners.map((listener) => listener.close()))
    await Promise.all(this.#pending)
    await Promise.all([this.lookups.close(), this.counts.close()])
    await this.pool.end()
  }
}

const deadlock = '40P01'

/** No answer came: the connection is unusable, and whether the last statement ran is unknown. */
export const isQueryTimeout = (error: unknown): error is Error =>
  error instanceof Error && error.message === 'Query read timeout'

/** The handle that `transaction` passes to its work. Nothing else can make one. */
export type Tx = Transaction
export type Queryable = Db | Tx

export async function many<Row extends z.ZodType>(
  db: Queryable,
  row: Row,
  statement: Sql,
): Promise<z.output<Row>[]> {
  return (await db.query(statement)).rows.map((each) => row.parse(each))
}

export async function maybeOne<Row extends z.ZodType>(
  db: Queryable,
  row: Row,
  statement: Sql,
): Promise<z.output<Row> | undefined> {
  const rows = await many(db, row, statement)
  if (rows.length > 1) throw new Error(`Expected at most one row, got ${rows.length}`)
  return rows[0]
}

export async function one<Row extends z.ZodType>(
  db: Queryable,
  row: Row,
  statement: Sql,
): Promise<z.output<Row>> {
  const found = await maybeOne(db, row, statement)
  if (found === undefined) throw new Error('Expected a row, got none')
  return found
}

/** Common rows of one column. A zod shape made inside a query function would be compiled at each call. */
export const Id = z.object({ id: z.string() })
export const Count = z.object({ count: z.coerce.number() })

/** Runs a statement and returns the number of rows it affected. */
export async function run(db: Queryable, statement: Sql): Promise<number> {
  return (await db.query(statement)).rowCount ?? 0
}
