import type { Tx } from '../foundation/db.ts'
import { selectUsersForUpdate } from './queries.ts'

const atOnce = 1_000

/** Locks people's rows, always in the same order, so that two deeds on each other wait and do not block each other. */
export async function lockUsers(tx: Tx, ids: string[]): Promise<void> {
  const inOrder = [...new Set(ids)].sort()
  for (let from = 0; from < inOrder.length; from += atOnce)
    await selectUsersForUpdate(tx, inOrder.slice(from, from + atOnce))
}
