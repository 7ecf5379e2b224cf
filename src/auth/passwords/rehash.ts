import type { Db } from '../../platform/db.ts'
import type { Hasher } from './hash.ts'
import { updateHash } from './queries.ts'

/** Rehashes a password that was just verified, if its hash has weaker parameters than today’s. */
export async function rehashIfOutdated(
  db: Db,
  hasher: Hasher,
  userId: string,
  hash: string,
  password: string,
) {
  if (hasher.outdated(hash)) await updateHash(db, userId, hash, await hasher.hash(password))
}
