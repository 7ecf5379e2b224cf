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
