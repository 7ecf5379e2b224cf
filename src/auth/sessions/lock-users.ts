import type { Tx } from '../../platform/db.ts'
import { lockRolesOf, selectUsersForUpdate } from './queries.ts'

const atOnce = 1_000

/** Locks people's rows, always in the same order, so that two deeds on each other wait and do not block each other. */
export async function lockUsers(tx: Tx, ids: string[]): Promise<void> {
  const inOrder = [...new Set(ids)].sort()
  for (let from = 0; from < inOrder.length; from += atOnce)
    await selectUsersForUpdate(tx, inOrder.slice(from, from + atOnce))
}

/**
 * Locks those who act, and in whose name a job acts, so that neither they nor what their role may do changes before it is
 * done; with them the people it concerns.
 */
export async function lockActors(tx: Tx, actors: string[], concerns: string[] = []): Promise<void> {
  await lockUsers(tx, [...actors, ...concerns])
  await lockRolesOf(tx, actors)
}
