import { z } from 'zod'
import { TargetRow } from '../../../access/actor.ts'
import { impersonationEndTexts, type ImpersonationEnd } from '../../../access/impersonation-end.ts'
import { many, maybeOne, run, sql, type Queryable, type Sql, type Tx } from '../../../platform/db.ts'
import { reasonColumn } from '../../../platform/reason.ts'
import { matchesSessionsOf, endsAt, type SessionsOf } from '../queries.ts'

/** An impersonation without a request for this many minutes ends. */
export const idleMinutes = 15
const idleTime = sql`make_interval(mins => ${idleMinutes})`

const Account = TargetRow.extend({
  team_name: z.string().nullable(),
  status: z.enum(['invited', 'active', 'inactive', 'blocked']),
  email_verified: z.boolean(),
  /** Whether the password has changed since the impersonation began. */
  password_changed: z.boolean(),
  /** Whether the password, email, status or role has changed since. */
  account_changed: z.boolean(),
})
type Account = z.output<typeof Account>

const ActiveImpersonation = z.object({
  id: z.string(),
  session_id: z.string(),
  reason: z.string(),
  started_at: z.date(),
  ends_at: z.date(),
  minutes_left: z.number(),
  time_up: z.boolean(),
  idle: z.boolean(),
  signed_out: z.boolean(),
  sessions_ended: z.boolean(),
  end_reason: reasonColumn(impersonationEndTexts).nullable(),
  impersonator: Account,
  target: Account,
})
/** An impersonation, with both accounts as they are now. */
export type ActiveImpersonation = z.output<typeof ActiveImpersonation>

const account = (u: Sql, r: Sql, version: Sql) => sql`jsonb_build_object(
  'id', ${u}.id, 'name', ${u}.name, 'email', ${u}.email, 'team_id', ${u}.team_id,
  'team_name', (select name from teams where id = ${u}.team_id), 'role', to_jsonb(${r}), 'status', ${u}.status,
  'email_verified', ${u}.email_verified_at is not null,
  'password_changed', coalesce(${u}.password_changed_at > i.started_at, false), 'account_changed', ${u}.credential_version <> ${version})`

const impersonations = sql`
  select i.id, i.session_id, i.reason, i.started_at, i.ends_at, i.ends_at <= clock_timestamp() as time_up,
    ceil(extract(epoch from i.ends_at - now()) / 60)::int as minutes_left,
    s.last_seen_at <= clock_timestamp() - ${idleTime} as idle,
    s.ended_at is not null as signed_out, i.sessions_ended_at is not null as sessions_ended,
    i.end_reason, ${account(sql`b`, sql`br`, sql`i.impersonator_credential_version`)} as impersonator, ${account(sql`u`, sql`ur`, sql`i.user_credential_version`)} as target
  from impersonations i join sessions s on s.id = i.session_id
    join users b on b.id = i.impersonator_id join roles br on br.id = b.role_id
    join users u on u.id = i.user_id join roles ur on ur.id = u.role_id`

/** The impersonation of a session, whether or not it may continue, or one whose end the browser has not shown yet. */
export function selectOptionalImpersonation(
  db: Queryable,
  sessionId: string,
): Promise<ActiveImpersonation | undefined> {
  return maybeOne(
    db,
    ActiveImpersonation,
    sql`${impersonations} where i.session_id = ${sessionId} and i.acknowledged_at is null`,
  )
}

/** Open impersonations by these people and of them. */
export function selectActiveImpersonations(
  db: Queryable,
  audience: SessionsOf,
): Promise<ActiveImpersonation[]> {
  const isAffected = sql`(${matchesSessionsOf(sql`b`, audience)} or ${matchesSessionsOf(sql`u`, audience)})`
  return many(db, ActiveImpersonation, sql`${impersonations} where i.ended_at is null and ${isAffected}`)
}

/** Marks impersonations of a user whose sessions were all ended. They end at the admin’s next request. */
export async function updateImpersonationsSessionsEnded(tx: Tx, userId: string): Promise<void> {
  await run(
    tx,
    sql`update impersonations set sessions_ended_at = now()
        where user_id = ${userId} and ended_at is null and sessions_ended_at is null`,
  )
}

const Ended = z.object({ minutes: z.number() })

/**
 * Ends an impersonation as of the moment it ran out, even if that is noticed later. Returns nothing if it had
 * ended.
 */
export function updateImpersonationEnded(tx: Tx, id: string, reason: ImpersonationEnd) {
  return maybeOne(
    tx,
    Ended,
    sql`update impersonations i set end_reason = ${reason}::jsonb, ended_at = greatest(i.started_at, least(
          now(), i.ends_at, i.sessions_ended_at, s.ended_at, ${endsAt}, s.last_seen_at + ${idleTime}))
        from sessions s where s.id = i.session_id and i.id = ${id} and i.ended_at is null
        returning round(extract(epoch from i.ended_at - i.started_at) / 60)::int as minutes`,
  )
}
