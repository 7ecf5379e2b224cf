import type pg from 'pg'
import { Sql, sql, type Statement } from './sql.ts'

/** What comes last may wait for others who do the same, at most so long: that a deed is done is worth the wait. */
export const lockTimeoutSeconds = 30
const timeouts = new Sql(`set local statement_timeout = '${lockTimeoutSeconds}s'`, [])
/** A database that says nothing at all, not even that it gave up, is away so long after it should have, in milliseconds. */
export const graceMs = 2_000

/** A transaction that has begun; `Db.transaction` alone makes one, and ends it. */
export class Transaction {
  readonly #client: pg.PoolClient
  readonly #atTheEnd: Last[] = []

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  query({ name, text, values }: Statement) {
    return this.#client.query({ name, text, values })
  }

  /**
   * Puts a statement last: it goes to the database together with the commit, so that a lock it takes is held for a moment
   * only. `tell` hears of its rows once the transaction is there, and never if it is not.
   */
  beforeCommit(statement: Sql, tell: Last['tell']) {
    this.#atTheEnd.push({ statement, tell })
  }

  /** Sends what was put last, and the commit after it without waiting: it undoes all if something before it failed. */
  async commit(impatient: boolean): Promise<() => void> {
    const lasts = this.#atTheEnd
    const waits = impatient && lasts.length > 0
    const query_timeout = waits ? lockTimeoutSeconds * 1000 + graceMs : undefined
    const send = ({ name, text, values }: Sql) =>
      this.#client.query<object>({ name, text, values, query_timeout } as pg.QueryConfig)
    const patient = waits && send(timeouts)
    const written = lasts.map(({ statement }) => send(statement))
    const committed = send(sql`commit`)
    for (const each of [patient, ...written, committed]) Promise.resolve(each).catch(() => {})
    await patient
    const answers = await Promise.all(written)
    if ((await committed).command !== 'COMMIT') throw new Error('The transaction had failed before its end')
    return () => lasts.forEach(({ tell }, i) => tell(answers[i]?.rows ?? []))
  }
}

interface Last {
  statement: Sql
  tell: (rows: unknown[]) => void
}
