import type { Db } from '../../src/platform/db.ts'

/** How often the database is asked for this. */
export async function queriesOf(db: Db, work: () => PromiseLike<unknown>): Promise<number> {
  let queries = 0
  await noting(db, () => void queries++, work)
  return queries
}

/** How often this waits for the database: what is asked in the same turn of the event loop is one wait. */
export async function waitsFor(db: Db, work: () => PromiseLike<unknown>): Promise<number> {
  let waits = 0
  let isSameTurn = false
  const note = () => {
    if (!isSameTurn) waits++
    isSameTurn = true
    setImmediate(() => (isSameTurn = false))
  }
  await noting(db, note, work)
  return waits
}

async function noting(db: Db, note: () => void, work: () => PromiseLike<unknown>): Promise<void> {
  db.pool.on('acquire', note)
  db.lookups.on('query', note)
  await work()
  db.pool.off('acquire', note)
  db.lookups.off('query', note)
}
