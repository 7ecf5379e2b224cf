import type pg from 'pg'
import { holdBack } from './pipeline.ts'
import { Sql, sql, type Statement } from './sql.ts'

/** The last statements may wait for other transactions, at most this long: a finished action is worth the wait. */
export const lockTimeoutSeconds = 30
const extendTimeout = new Sql(`set local statement_timeout = '${lockTimeoutSeconds}s'`, [])
/** Milliseconds after a timeout without any answer until the database counts as gone. */
export const graceMs = 2_000

/** An open transaction; only `Db.transaction` opens and ends one. */
export class Transaction {
  readonly #client: pg.PoolClient
  readonly #last: LastStatement[] = []
  readonly #sent: Promise<unknown>[] = []
  #failure: unknown

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  query({ name, text, values }: Statement) {
    return this.#client.query({ name, text, values })
  }

  /** Sends a statement whose answer nobody needs. If it fails, the transaction fails with it. */
  send(statement: Statement): void {
    const sent = this.query(statement)
    sent.catch((error: unknown) => (this.#failure ??= error))
    this.#sent.push(sent)
  }

  /** Why a sent statement failed. The statements after it then say only that the transaction is aborted. */
  get failure(): unknown {
    return this.#failure
  }

  /**
   * Runs a statement together with the commit, so that it holds its lock only briefly. `onCommitted` gets its rows
   * once the transaction is committed, and is never called otherwise.
   */
  beforeCommit(statement: Sql, onCommitted: LastStatement['onCommitted']) {
    this.#last.push({ statement, onCommitted })
  }

  /**
   * Sends the last statements and the commit without waiting in between. If an earlier statement failed, the commit
   * rolls everything back. `hasShortTimeout`: the pool's statement timeout is shorter than the lock timeout.
   */
  async commit(hasShortTimeout: boolean): Promise<() => void> {
    const statements = this.#last
    const waits = hasShortTimeout && statements.length > 0
    const query_timeout = waits ? lockTimeoutSeconds * 1000 + graceMs : undefined
    holdBack(this.#client)
    const send = ({ name, text, values }: Sql) =>
      this.#client.query<object>({ name, text, values, query_timeout } as pg.QueryConfig)
    const extended = waits && send(extendTimeout)
    const written = statements.map(({ statement }) => send(statement))
    const committed = send(sql`commit`)
    for (const each of [extended, ...written, committed]) Promise.resolve(each).catch(() => {})
    await Promise.all([extended, ...this.#sent])
    const answers = await Promise.all(written)
    if ((await committed).command !== 'COMMIT') throw new Error('The transaction failed before its commit')
    return () => statements.forEach(({ onCommitted }, i) => onCommitted(answers[i]?.rows ?? []))
  }
}

interface LastStatement {
  statement: Sql
  onCommitted: (rows: unknown[]) => void
}
