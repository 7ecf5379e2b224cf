import { z } from 'zod'
import { many, maybeOne, one, run, sql, type Queryable, type Tx } from '../platform/db.ts'
import type { Policy } from './policy.ts'

/** Makes changes of the company's settings wait for each other. */
export async function lockCompany(tx: Tx): Promise<void> {
  await run(tx, sql`select from company for update`)
}

/** Null keeps the stored minimum length, which may be lower than the one in effect from the server's environment. */
export async function updatePolicy(
  tx: Tx,
  policy: Omit<Policy, 'passwordMinLength'> & { passwordMinLength: number | null },
): Promise<void> {
  await run(
    tx,
    sql`update company set password_min_length = coalesce(${policy.passwordMinLength}, password_min_length),
          lasting_passwords_allowed = ${policy.lastingPasswordsAllowed},
          temporary_password_hours = ${policy.temporaryPasswordHours},
          session_idle_minutes = ${policy.sessionIdleMinutes}, session_hours = ${policy.sessionHours},
          remember_days = ${policy.rememberDays}, context_words = ${policy.contextWords},
          caller_check = ${policy.callerCheck},
          policy_version = policy_version + 1`,
  )
}

/** Null keeps the stored name, or the one from the server's environment. */
export async function updateCompany(
  tx: Tx,
  name: string | null,
  { timeZone, officePhone }: { timeZone: string; officePhone: string | null },
): Promise<void> {
  await run(
    tx,
    sql`update company set name = coalesce(${name}, name), time_zone = ${timeZone}, office_phone = ${officePhone}`,
  )
}

const TimeZone = z.object({ name: z.string() })

/** The IANA time zones of places that PostgreSQL knows, and UTC. */
export async function selectTimeZones(db: Queryable): Promise<string[]> {
  const rows = await many(
    db,
    TimeZone,
    sql`select name from pg_timezone_names where name ~ '^(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)/'
        order by name`,
  )
  return ['UTC', ...rows.map(({ name }) => name)]
}

const Team = z.object({
  id: z.string(),
  name: z.string(),
  people: z.coerce.number(),
  active: z.coerce.number(),
})
export type TeamRow = z.output<typeof Team>

const teams = sql`select t.id, t.name, count(u.id) as people, count(u.id) filter (where u.status = 'active') as active
  from teams t left join users u on u.team_id = t.id`

export function selectTeamsCounted(db: Queryable): Promise<TeamRow[]> {
  return many(db, Team, sql`${teams} group by t.id order by t.name collate "und-x-icu"`)
}

export function selectOptionalTeam(db: Queryable, id: string): Promise<TeamRow | undefined> {
  return maybeOne(db, Team, sql`${teams} where t.id = ${id} group by t.id`)
}

/** Makes additions and renames of teams wait for each other. */
export async function lockTeams(tx: Tx): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('teams'))`)
}

const NameTaken = z.object({ taken: z.boolean() })

export async function selectTeamNameTaken(tx: Tx, name: string, except: string | null): Promise<boolean> {
  const row = await one(
    tx,
    NameTaken,
    sql`select exists (select from teams where lower(name) = lower(${name}) and id is distinct from ${except}::uuid) as taken`,
  )
  return row.taken
}

export async function insertTeam(tx: Tx, name: string): Promise<void> {
  await run(tx, sql`insert into teams (name) values (${name})`)
}

const NewTeam = z.object({ id: z.string(), name: z.string() })

/** Skips names that other teams have. Returns the teams it created. */
export function insertTeams(tx: Tx, names: string[]) {
  return many(
    tx,
    NewTeam,
    sql`insert into teams (name) select unnest(${names}::text[]) on conflict do nothing returning id, name`,
  )
}

export async function updateTeam(tx: Tx, id: string, name: string): Promise<void> {
  await run(tx, sql`update teams set name = ${name} where id = ${id}`)
}
