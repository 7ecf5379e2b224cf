import pg from 'pg'
import { z } from 'zod'

/** A piece of SQL with its parameters. Pieces nest: sql`select … ${condition}`. */
export class Sql {
  readonly text: string
  readonly values: unknown[]

  constructor(text: string, values: unknown[]) {
    this.text = text
    this.values = values
  }
}

export function sql(parts: TemplateStringsArray, ...inserts: unknown[]): Sql {
  let text = parts[0] ?? ''
  const values: unknown[] = []
  inserts.forEach((insert, i) => {
    if (insert instanceof Sql) {
      text += insert.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + values.length}`)
      values.push(...insert.values)
    } else {
      values.push(insert)
      text += `$${values.length}`
    }
    text += parts[i + 1] ?? ''
  })
  return new Sql(text, values)
}

/** Those of the conditions that are asked for, all of which must hold. */
export function allOf(conditions: (Sql | false | '' | null | undefined)[]): Sql {
  return conditions.reduce<Sql>((all, next) => (next ? sql`${all} and ${next}` : all), sql`true`)
}

/** The pattern of LIKE for what holds some words; their case is the database's to fold, as it folded what it keeps. */
export const holding = (words: string): string => `%${words.replace(/[\\%_]/g, '\\$&')}%`

/** A statement with its values written into it, for COPY, which takes no parameters. Lists become arrays: cast them. */
export function inlined({ text, values }: Sql): string {
  return text.replace(/\$(\d+)/g, (_, n: string) => literal(values[Number(n) - 1]))
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return `array[${value.map(literal).join(', ')}]`
  return pg.escapeLiteral(String(value as string | number | boolean))
}

/** What comes last may wait for others who do the same, at most so long: that a deed is done is worth the wait. */
const patienceSeconds = 30
const patience = `set local statement_timeout = '${patienceSeconds}s'`
/** A database that says nothing at all, not even that it gave up, is away so long after it should have. */
const silence = 2_000

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
      // A page is done before helpers of its query would have started.
      options: '-c max_parallel_workers_per_gather=0',
      ...options,
    })
    const { statement_timeout: patient } = this.pool.options
    if (patient) this.pool.options.query_timeout = Number(patient) + silence
    // A lost connection fails its query, or is replaced at the next; without a listener it would end the process.
    this.pool.on('error', () => {})
    this.pool.on('connect', (client) => client.on('error', () => {}))
  }

  query(statement: Sql) {
    return this.pool.query(statement.text, statement.values)
  }

  get #impatient(): boolean {
    const { statement_timeout } = this.pool.options
    return Boolean(statement_timeout) && Number(statement_timeout) < patienceSeconds * 1000
  }

  /** Runs `work` in one transaction: all of it is there afterwards, or nothing. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect()
    try {
      await client.query('begin')
      const tx = new Transaction(client)
      const result = await work(tx)
      if (tx.atTheEnd.length > 0 && this.#impatient) await tx.waitLonger()
      for (const last of tx.atTheEnd) await last()
      await tx.commit()
      client.release()
      for (const tell of tx.afterwards) tell()
      return result
    } catch (error) {
      if (isSilence(error)) client.release(error)
      else
        await client.query('rollback').then(
          () => client.release(),
          (broken: Error) => client.release(broken),
        )
      throw error
    }
  }

  /** What must still be said before the pool closes, whatever becomes of who asked for it. */
  async hearOut<T>(work: Promise<T>): Promise<T> {
    const told = work.catch(() => {})
    this.#pending.add(told)
    return work.finally(() => this.#pending.delete(told))
  }

  async close() {
    await Promise.all(this.#pending)
    await this.pool.end()
  }
}

/** Nothing came back: the connection is of no use any more, and whether the last statement was carried out is unknown. */
export const isSilence = (error: unknown): error is Error =>
  error instanceof Error && error.message === 'Query read timeout'

class Transaction {
  readonly #client: pg.PoolClient
  #patient: { query_timeout?: number } = {}
  readonly atTheEnd: (() => Promise<void>)[] = []
  readonly afterwards: (() => void)[] = []

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  query({ text, values }: Sql) {
    return this.#client.query({ text, values, ...this.#patient })
  }

  /** For what comes last, the commit included. */
  async waitLonger() {
    this.#patient = { query_timeout: patienceSeconds * 1000 + silence }
    await this.#client.query(patience)
  }

  async commit() {
    await this.#client.query({ text: 'commit', ...this.#patient })
  }

  /** Puts a statement last, just before commit, so that a lock it takes is held for a moment only. */
  justBeforeCommit(statement: () => Promise<void>) {
    this.atTheEnd.push(statement)
  }

  /** What is to be told once the transaction is there, and never if it is not. */
  afterCommit(tell: () => void) {
    this.afterwards.push(tell)
  }
}

/** What `transaction` hands to its work, and nothing else can make. */
export type Tx = Transaction
export type Queryable = Db | Tx

export async function many<Row extends z.ZodType>(
  db: Queryable,
  row: Row,
  statement: Sql,
): Promise<z.output<Row>[]> {
  return z.array(row).parse((await db.query(statement)).rows)
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

/** Runs a statement whose rows do not matter; gives how many it touched. */
export async function run(db: Queryable, statement: Sql): Promise<number> {
  return (await db.query(statement)).rowCount ?? 0
}
