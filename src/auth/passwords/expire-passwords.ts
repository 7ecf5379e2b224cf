import type { RequestContext, Person } from '../../access/actor.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { updateExpired } from './queries.ts'

/** A person whose password expired, and when the grace of their open sessions ends. */
export interface Expired extends Person {
  graceUntil: Date
}

/**
 * Expires the passwords of people that have reached the maximum age. Each must choose another at the next sign-in.
 * Open sessions continue for the hours of grace, and none is ended. `details` says why, for the log. People who
 * must already choose another password are left out.
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
      event: 'password_expired' as const,
      subject,
      details: { ...details, grace_until: graceUntil },
    })),
  )
  return expired
}
