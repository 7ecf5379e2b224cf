import { z } from 'zod'
import { RoleText, type Actor } from '../../access/actor.ts'
import {
  Count,
  Id,
  many,
  maybeOne,
  one,
  run,
  sql,
  type Queryable,
  type Sql,
  type Tx,
} from '../../platform/db.ts'

// The present policy also applies to sessions started under an earlier one (ASVS 7.3.1, 7.3.2).
const idle = sql`(select make_interval(mins => session_idle_minutes) from company)`
const officeLifetime = sql`(select make_interval(hours => session_hours) from company)`
const rememberedLifetime = sql`(select make_interval(hours => 24 * remember_days) from company)`
/** Remember me is for people without permissions. Anyone who is given one is held to the office hours limit. */
const maxLifetime = sql`case when s.remembered and (select r.permissions = '{}' from users u join roles r on r.id = u.role_id
  where u.id = s.user_id) then ${rememberedLifetime} else ${officeLifetime} end`
/** When a session `s` ends, however much it is used. */
export const endsAt = sql`least(s.ends_at, s.started_at + ${maxLifetime})`
/** Without Remember me a session also ends when idle. */
const unexpiredAt = (time: Sql) =>
  sql`${endsAt} > ${time} and (s.remembered or s.last_seen_at > ${time} - ${idle})`
const unexpired = unexpiredAt(sql`now()`)
export const isActive = sql`s.ended_at is null and ${unexpired}`

/** An expired password must be changed in sessions started with it, and in open ones once its grace is over. */
const mustChange = sql`case when u.temporary_password_expires_at is not null then 'temporary'
  when s.started_at >= u.password_expired_at or u.password_grace_until <= clock_timestamp() then 'expired' end`

/** Whether the password entered last is still the current one: not replaced or expired, and the account unchanged. */
const reauthenticated = sql`s.reauthenticated_version = u.credential_version and (u.password_expired_at is null or u.password_expired_at < s.reauthenticated_at)`

export const ActorRow = z.object({
  session_id: z.string(),
  credential_version: z.number(),
  seconds_since_reauth: z.number().nullable(),
  long_unseen: z.boolean(),
  impersonating: z.boolean(),
  id: z.string(),
  name: z.string(),
  email: z.string(),
  team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  role: RoleText,
  email_verified: z.boolean(),
  must_change_password: z.enum(['temporary', 'expired']).nullable(),
  password_grace_until: z.date().nullable(),
})

/**
 * The person of a session, if it is active and they may sign in. It is judged by the present time, since a transaction
 * may have waited for locks since it began.
 */
export const selectActorOf = (session: Sql): Sql =>
  sql`select s.id as session_id, u.credential_version,
        case when ${reauthenticated} then extract(epoch from clock_timestamp() - s.reauthenticated_at)::float8 end as seconds_since_reauth,
        s.last_seen_at < now() - interval '1 minute' as long_unseen,
        exists (select from impersonations where session_id = s.id and acknowledged_at is null) as impersonating,
        u.id, u.name, u.email, u.team_id, t.name as team_name, to_jsonb(r)::text as role,
        u.email_verified_at is not null as email_verified,
        ${mustChange} as must_change_password, u.password_grace_until
      from sessions s join users u on u.id = s.user_id join roles r on r.id = u.role_id
        left join teams t on t.id = u.team_id
      where s.id = ${session} and u.status = 'active' and s.ended_at is null and ${unexpiredAt(sql`clock_timestamp()`)}`

export interface FoundActor {
  actor: Actor
  /** Whether the session has not been used for a minute. */
  longUnseen: boolean
  /** Whether the session has an impersonation. */
  impersonating: boolean
}

export async function selectOptionalActor(db: Queryable, sessionId: string): Promise<FoundActor | undefined> {
  const row = await maybeOne(db, ActorRow, selectActorOf(sql`${sessionId}`).lookup('actor'))
  return row && asActor(row)
}

export function asActor(row: z.output<typeof ActorRow>): FoundActor {
  const { id, name, email, role } = row
  const actor = {
    id,
    name,
    email,
    role,
    teamId: row.team_id,
    teamName: row.team_name,
    emailVerified: row.email_verified,
    mustChangePassword: row.must_change_password,
    passwordGraceUntil: row.must_change_password ? null : row.password_grace_until,
    sessionId: row.session_id,
    credentialVersion: row.credential_version,
    secondsSinceReauth: row.seconds_since_reauth ?? Infinity,
    impersonator: null,
    endedImpersonation: null,
  }
  return { actor, longUnseen: row.long_unseen, impersonating: row.impersonating }
}

export async function updateLastSeen(db: Queryable, sessionId: string): Promise<void> {
  await run(db, sql`update sessions set last_seen_at = now() where id = ${sessionId} and ended_at is null`)
}

/**
 * Records that the password was entered just now in this session, for step-up. It counts while the account’s
 * credential version stays the one at which the password was verified. It does not prolong the session.
 */
export async function markReauthenticated(
  tx: Tx,
  sessionId: string,
  credentialVersion: number,
): Promise<void> {
  await run(
    tx,
    sql`update sessions set reauthenticated_at = now(), reauthenticated_version = ${credentialVersion}
        where id = ${sessionId} and ended_at is null`,
  )
}

export interface NewSession {
  userId: string
  /** The credential version at which the password was verified. If it has changed since, no session is created. */
  credentialVersion: number
  remembered: boolean
  ip: string | null
  userAgent: string | null
}

const NewSessionRow = z.object({ id: z.string(), ends_at: z.date() })

export async function insertSession(
  tx: Tx,
  session: NewSession,
): Promise<{ id: string; ends_at: Date } | undefined> {
  const { userId, credentialVersion, remembered, ip, userAgent } = session
  await run(tx, sql`select from users where id = ${userId} for no key update`.prepared('lock to sign in'))
  return maybeOne(
    tx,
    NewSessionRow,
    sql`insert into sessions (user_id, remembered, ends_at, ip, user_agent, reauthenticated_version)
        select u.id, ${remembered},
          now() + case when ${remembered} and r.permissions = '{}' then ${rememberedLifetime} else ${officeLifetime} end, ${ip}, ${userAgent}, u.credential_version
        from users u join roles r on r.id = u.role_id
        where u.id = ${userId} and u.credential_version = ${credentialVersion} and u.status = 'active'
          and (u.temporary_password_expires_at is null or u.temporary_password_expires_at > clock_timestamp())
        returning id, ends_at`.prepared('begin session'),
  )
}

/** Ends one session of a user. Returns whether there was one to end. */
export async function updateSessionEnded(tx: Tx, userId: string, sessionId: string): Promise<boolean> {
  const ended = sql`update sessions set ended_at = now() where id = ${sessionId} and user_id = ${userId} and ended_at is null`
  return (await run(tx, ended)) > 0
}

/** Ends all sessions of a user but the one to keep. Returns how many were active. */
export async function updateSessionsEnded(tx: Tx, userId: string, keep: string | null): Promise<number> {
  const row = await one(
    tx,
    Count,
    sql`with ended as (
          update sessions s set ended_at = now()
          where user_id = ${userId} and ended_at is null and id is distinct from ${keep}::uuid
          returning (${unexpired}) as was_active)
        select count(*) filter (where was_active) as count from ended`,
  )
  return row.count
}

/** Whose sessions a change affects: everybody’s, those of a role, or those of some people. */
export type SessionsOf = 'everybody' | { roleId: string } | { userIds: string[] }

/** Whether the user `u` is among them. */
export function matchesSessionsOf(u: Sql, audience: SessionsOf): Sql {
  if (audience === 'everybody') return sql`true`
  return 'roleId' in audience
    ? sql`${u}.role_id = ${audience.roleId}`
    : sql`${u}.id = any(${audience.userIds}::uuid[])`
}

const EndedOf = z.object({ id: z.string(), name: z.string(), email: z.string(), count: z.number() })

/** Ends sessions that exceed the present limits. Returns how many for each person. */
export function updateExpiredSessions(tx: Tx, audience: SessionsOf) {
  return many(
    tx,
    EndedOf,
    sql`with ended as (
          update sessions set ended_at = now() where id in (
            select s.id from sessions s join users u on u.id = s.user_id
            where s.ended_at is null and not (${unexpired}) and ${matchesSessionsOf(sql`u`, audience)}
            order by s.id for no key update of s)
          returning user_id)
        select u.id, u.name, u.email, count(*)::int as count from ended join users u on u.id = ended.user_id
        group by u.id`,
  )
}

/** Locks a session: ending it waits until the action in it is done. */
export async function lockSession(tx: Tx, sessionId: string): Promise<void> {
  await run(tx, sql`select from sessions where id = ${sessionId} for no key update`)
}

/** Locks the roles of these people for share. Built-in roles never change. */
export async function lockRolesOf(tx: Tx, userIds: string[]): Promise<void> {
  await run(
    tx,
    sql`select from roles where not built_in and id in (select role_id from users where id = any(${userIds}::uuid[]))
        order by id for share`,
  )
}

export function selectUsersForUpdate(tx: Tx, ids: string[]): Promise<{ id: string }[]> {
  return many(tx, Id, sql`select id from users where id = any(${ids}::uuid[]) order by id for no key update`)
}
