import { createHash } from 'node:crypto'
import pg from 'pg'
import { z } from 'zod'
import { lockTimeoutSeconds, graceMs, Transaction } from './transaction.ts'
import { type Sql, type Statement } from './sql.ts'

export { allOf, finds, containing as holding, interpolate as inlined, sql, Sql } from './sql.ts'

/** The pool. Everything that reads takes a `Queryable`; everything that records or enqueues insists on a `Tx`. */
export class Db {
  readonly pool: pg.Pool
  readonly #pending = new Set<Promise<unknown>>()

  constructor(connectionString: string, options: pg.PoolConfig = {}) {
    this.pool = new pg.Pool({
      connectionString,
      max: 10,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 5_000,
      idle_in_transaction_session_timeout: 10_000,
      pipeline: true,
      // A page is done before helpers of its query would have started.
      options: '-c max_parallel_workers_per_gather=0',
      ...options,
    })
    const { statement_timeout: patient } = this.pool.options
    if (patient) this.pool.options.query_timeout = Number(patient) + graceMs
    // A lost connection fails its query, or is replaced at the next; without a listener it would end the process.
    this.pool.on('error', () => {})
    this.pool.on('connect', (client) => client.on('error', () => {}))
  }

  query({ name, text, values }: Statement) {
    return this.pool.query({ name, text, values })
  }

  /** For a library that asks few statements, always in the same words: each is parsed once for each connection. */
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
   * Runs `work` in one transaction: all of it is there afterwards, or nothing. Of two that wait for each other the database
   * ends one, which is then run once more.
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
    try {
      await client.query('begin')
      const tx = new Transaction(client)
      const result = await work(tx)
      const tell = await tx.commit(this.#hasShortTimeout)
      client.release()
      tell()
      return result
    } catch (error) {
      if (isQueryTimeout(error)) client.release(error)
      else
        await client.query('rollback').then(
          () => client.release(),
          (broken: Error) => client.release(broken),
        )
      throw error
    }
  }

  /** What must still be said before the pool closes, whatever becomes of who asked for it. */
  async trackUntilClose<T>(work: Promise<T>): Promise<T> {
    const told = work.catch(() => {})
    this.#pending.add(told)
    return work.finally(() => this.#pending.delete(told))
  }

  async close() {
    await Promise.all(this.#pending)
    await this.pool.end()
  }
}

const deadlock = '40P01'

/** Nothing came back: the connection is of no use any more, and whether the last statement was carried out is unknown. */
export const isQueryTimeout = (error: unknown): error is Error =>
  error instanceof Error && error.message === 'Query read timeout'

/** What `transaction` hands to its work, and nothing else can make. */
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
  if (rows.length > 1) throw new Error(`At most one row was expected, ${rows.length} came`)
  return rows[0]
}

export async function one<Row extends z.ZodType>(
  db: Queryable,
  row: Row,
  statement: Sql,
): Promise<z.output<Row>> {
  const found = await maybeOne(db, row, statement)
  if (found === undefined) throw new Error('A row was expected, none came')
  return found
}

/** Rows of one column, which many statements give. A shape made anew for each query would be compiled for each. */
export const Id = z.object({ id: z.string() })
export const Count = z.object({ count: z.coerce.number() })

/** Runs a statement whose rows do not matter; gives how many it touched. */
export async function run(db: Queryable, statement: Sql): Promise<number> {
  return (await db.query(statement)).rowCount ?? 0
}
