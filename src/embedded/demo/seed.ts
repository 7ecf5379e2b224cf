import type { Db } from '../../platform/db.ts'
import { createHasher, type Strength } from '../../auth/passwords/hash.ts'
import { demoPassword } from './demo-company.ts'
import { insertEntries, insertFieldworkers, lockDemo, tidyUp } from './queries.ts'

/** Adds this many fieldworkers, and this many log entries about the people there are. */
export async function seed(
  db: Db,
  strength: Strength,
  { fieldworkers, events }: { fieldworkers: number; events: number },
): Promise<void> {
  const hash = await createHasher(strength).hash(demoPassword)
  await db.transaction(async (tx) => {
    await lockDemo(tx)
    if (fieldworkers > 0) await insertFieldworkers(tx, fieldworkers, hash)
    if (events > 0) await insertEntries(tx, events)
  })
  await tidyUp(db)
}
