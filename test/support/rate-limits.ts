import { run, sql, type Db } from '../../src/platform/db.ts'

/** Clears all counts of attempts, for tests that are not about limits. */
export const resetRateLimits = (db: Db): Promise<number> => run(db, sql`delete from rate_limits`)
