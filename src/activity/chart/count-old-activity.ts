import type { Db } from '../../platform/db.ts'
import { countOlder } from './queries.ts'

const batch = 20_000

/** The job: counts what was in the log before entries were counted as they come, in short statements, newest first. */
export async function countOldActivity(db: Db): Promise<void> {
  while (await countOlder(db, batch));
}
