import type { Tx } from '../foundation/db.ts'
import { selectUsersForUpdate } from './queries.ts'

/** Locks people's rows, always in the same order, so that two deeds on each other wait and do not block each other. */
export async function lockUsers(tx: Tx, ids: string[]): Promise<void> {
  await selectUsersForUpdate(tx, [...new Set(ids)])
}
