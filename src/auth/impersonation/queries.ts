import { inBatches } from '../../platform/in-batches.ts'
import { z } from 'zod'
import { maybeOne, run, sql, type Db, type Tx } from '../../platform/db.ts'
import { endsAt } from '../sessions/queries.ts'

const Started = z.object({ ends_at: z.date() })

/**
 * Starts an impersonation for an hour, or for the rest of the session. Returns nothing if the account is not
 * active.
 */
export function insertImpersonation(tx: Tx, sessionId: string, userId: string, reason: string) {
  return maybeOne(
    tx,
    Started,
    sql`insert into impersonations (session_id, impersonator_id, user_id, reason, impersonator_credential_version, user_credential_version, ends_at)
        select s.id, b.id, u.id, ${reason}, b.credential_version, u.credential_version, least(${endsAt}, now() + interval '60 minutes')
        from sessions s join users b on b.id = s.user_id cross join users u
        where s.id = ${sessionId} and u.id = ${userId} and u.status = 'active'
        returning ends_at`,
  )
}

export async function updateImpersonationAcknowledged(tx: Tx, id: string): Promise<void> {
  await run(
    tx,
    sql`update impersonations set acknowledged_at = now() where id = ${id} and acknowledged_at is null`,
  )
}

/** Deletes impersonations that ended long ago. The activity log keeps them. */
export const pruneImpersonations = (db: Db): Promise<void> =>
  inBatches((most) =>
    run(
      db,
      sql`delete from impersonations where id in (
          select id from impersonations where ended_at < now() - interval '90 days' limit ${most})`,
    ),
  )
