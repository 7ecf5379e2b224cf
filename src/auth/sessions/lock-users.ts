import type { Tx } from '../../platform/db.ts'
import { lockRolesOf, selectUsersForUpdate } from './queries.ts'

const batchSize = 1_000

/** Locks the rows of users, always in the same order, so that two actions on each other wait and do not deadlock. */
export async function lockUsers(tx: Tx, ids: string[]): Promise<void> {
  const sorted = [...new Set(ids)].sort()
  for (let from = 0; from < sorted.length; from += batchSize)
    await selectUsersForUpdate(tx, sorted.slice(from, from + batchSize))
}

/**
 * Locks actors, with their roles, and the people an action affects. None of them can change until the action is
 * done.
 */
export async function lockActors(tx: Tx, actors: string[], affected: string[] = []): Promise<void> {
  await lockUsers(tx, [...actors, ...affected])
  await lockRolesOf(tx, actors)
}
