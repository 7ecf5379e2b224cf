import type { RequestContext, Person } from '../../access/actor.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { updateExpired } from './queries.ts'

/** Somebody whose password expired, and until when what they are signed in to goes on. */
export interface Expired extends Person {
  graceUntil: Date
}

/**
 * These people's passwords have reached their greatest age. Each is asked for another one when they next sign in; what
 * they are signed in to goes on for the hours of grace, and no session is ended. `details` says by what it came about.
 * Whoever is asked for another one already is passed over.
 */
export async function expirePasswords(
  tx: Tx,
  by: RequestContext,
  people: Person[],
  graceHours: number,
  details: Record<string, unknown>,
): Promise<Expired[]> {
  const ids = people.map(({ id }) => id)
  const expired = await updateExpired(tx, ids, graceHours)
  recordAll(
    tx,
    by,
    expired.map(({ graceUntil, ...subject }) => ({
      ...{ event: 'password_expired' as const, subject },
      details: { ...details, grace_until: graceUntil },
    })),
  )
  return expired
}
