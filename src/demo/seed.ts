import type { Db } from '../foundation/db.ts'
import { hashing, type Strength } from '../passwords/hash.ts'
import { demoPassword } from './company.ts'
import { insertEntries, insertFieldworkers, lockDemo, tidyUp } from './queries.ts'

/** So many more fieldworkers, and so many more entries in the log about whoever is there. */
export async function seed(
  db: Db,
  strength: Strength,
  { fieldworkers, events }: { fieldworkers: number; events: number },
): Promise<void> {
  const hash = await hashing(strength).hash(demoPassword)
  await db.transaction(async (tx) => {
    await lockDemo(tx)
    if (fieldworkers > 0) await insertFieldworkers(tx, fieldworkers, hash)
    if (events > 0) await insertEntries(tx, events)
  })
  await tidyUp(db)
}
