import { z } from 'zod'
import { RoleText } from '../../access/actor.ts'
import { maybeOne, one, sql, type Queryable, type Tx } from '../../platform/db.ts'

const Account = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  status: z.enum(['invited', 'active', 'inactive', 'blocked']),
  role: RoleText,
  password_hash: z.string().nullable(),
  credential_version: z.number(),
  last_sign_in_at: z.date().nullable(),
  expired: z.boolean(),
})
export type Account = z.output<typeof Account>

export function selectOptionalAccount(db: Queryable, email: string): Promise<Account | undefined> {
  return maybeOne(
    db,
    Account,
    sql`select u.id, u.name, u.email, u.status, to_jsonb(r)::text as role, u.password_hash, u.credential_version, u.last_sign_in_at,
          coalesce(u.temporary_password_expires_at <= clock_timestamp(), false) as expired
        from users u join roles r on r.id = u.role_id where u.email = ${email}`.lookup('sign-in account'),
  )
}

export function updateLastSignIn(tx: Tx, userId: string): void {
  tx.send(sql`update users set last_sign_in_at = now() where id = ${userId}`.prepared('last sign-in'))
}

const Flood = z.object({ flood: z.boolean() })

/** Whether at least `min` sign-ins failed within the last minute and nobody has recorded an alarm in it. */
export async function selectIsFlood(tx: Tx, min: number): Promise<boolean> {
  const row = await one(
    tx,
    Flood,
    sql`with recent as (select event, details from activity_log where at > now() - interval '1 minute')
        select (select count(*) from recent where event = 'sign_in_failed') >= ${min}
          and not exists (select from recent where event = 'sign_in_throttled' and details ? 'alarm')
          and pg_try_advisory_xact_lock(hashtext('sign-in alarm')) as flood`.prepared('sign-in flood'),
  )
  return row.flood
}
