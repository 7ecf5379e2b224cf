import type { Db } from '../../src/platform/db.ts'

/** How often the database is asked for this. */
export async function queriesOf(db: Db, work: () => PromiseLike<unknown>): Promise<number> {
  let queries = 0
  const count = () => void queries++
  db.pool.on('acquire', count)
  db.lookups.on('query', count)
  await work()
  db.pool.off('acquire', count)
  db.lookups.off('query', count)
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
  db.pool.on('acquire', note)
  db.lookups.on('query', note)
  await work()
  db.pool.off('acquire', note)
  db.lookups.off('query', note)
  return waits
}
