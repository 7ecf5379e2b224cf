import { teamInScope } from '../access/queries.ts'
import { z } from 'zod'
import { RoleText, type Actor } from '../access/actor.ts'
import { Id, many, maybeOne, run, sql, type Queryable, type Tx } from '../platform/db.ts'
import { deviceCount } from '../auth/sessions/devices/queries.ts'
import type { StatusSubject } from './status-transitions.ts'

/** The number of rows that one statement writes, so that none takes long. */
const batchSize = 1_000

export const UserRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  team_id: z.string().nullable(),
  team_name: z.string().nullable(),
  role_id: z.string(),
  role: RoleText,
  status: z.enum(['invited', 'active', 'inactive', 'blocked']),
  status_changed_at: z.date(),
  email_verified_at: z.date().nullable(),
  has_password: z.boolean(),
  had_password: z.boolean(),
  password_changed_at: z.date().nullable(),
  password_method: z.string().nullable(),
  password_changed_by_name: z.string().nullable(),
  temporary_password_expires_at: z.date().nullable(),
  temporary_password_expired_at: z.date().nullable(),
  password_expired_at: z.date().nullable(),
  last_sign_in_at: z.date().nullable(),
  created_at: z.date(),
})
export type UserRow = z.output<typeof UserRow>

/** Whether the account was ever in use: an invalidated password leaves the time of its last change. */
const hadPassword = sql`(u.password_hash is not null or u.password_changed_at is not null)`

export const userColumns = sql`
  u.id, u.name, u.email, u.phone, u.team_id, t.name as team_name, u.role_id, to_jsonb(r)::text as role, u.status, u.status_changed_at,
  u.email_verified_at, u.password_hash is not null as has_password, ${hadPassword} as had_password, u.password_changed_at, u.password_method, c.name as password_changed_by_name,
  u.temporary_password_expires_at, u.temporary_password_expired_at, u.password_expired_at, u.last_sign_in_at, u.created_at`
export const userTables = sql`
  users u join roles r on r.id = u.role_id left join teams t on t.id = u.team_id
  left join users c on c.id = u.password_changed_by`

const byName = sql`u.name collate "und-x-icu", u.id`

export function selectOptionalUser(db: Queryable, id: string): Promise<UserRow | undefined> {
  return maybeOne(
    db,
    UserRow,
    sql`select ${userColumns} from ${userTables} where u.id = ${id}`.prepared('user'),
  )
}

const Account = UserRow.extend({ devices: z.number() })

/** A user and the number of devices they are signed in on. */
export function selectOptionalAccount(db: Queryable, id: string) {
  return maybeOne(
    db,
    Account,
    sql`select ${userColumns}, ${deviceCount(sql`u.id`)} as devices from ${userTables} where u.id = ${id}`.lookup(
      'account',
    ),
  )
}

export function selectOptionalUserByEmail(db: Queryable, email: string): Promise<UserRow | undefined> {
  return maybeOne(db, UserRow, sql`select ${userColumns} from ${userTables} where u.email = ${email}`)
}

/** Locks the user's row until the transaction ends. */
export function selectOptionalUserForUpdate(tx: Tx, id: string): Promise<UserRow | undefined> {
  return maybeOne(
    tx,
    UserRow,
    sql`select ${userColumns} from ${userTables} where u.id = ${id} for no key update of u`,
  )
}

const StatusRow = UserRow.pick({
  id: true,
  name: true,
  email: true,
  team_id: true,
  role: true,
  status: true,
  had_password: true,
})

/** What a change of status needs to know about people, by name. */
export async function selectStatusSubjects(db: Queryable, ids: string[]): Promise<StatusSubject[]> {
  const rows = await many(
    db,
    StatusRow,
    sql`select u.id, u.name, u.email, u.team_id, to_jsonb(r)::text as role, u.status, ${hadPassword} as had_password
        from users u join roles r on r.id = u.role_id where u.id = any(${ids}::uuid[]) order by ${byName}`,
  )
  return rows.map(({ team_id, had_password, ...person }) => ({
    ...person,
    teamId: team_id,
    hadPassword: had_password,
  }))
}

export async function selectActiveOwners(db: Queryable): Promise<string[]> {
  const rows = await many(
    db,
    Id,
    sql`select u.id from users u join roles r on r.id = u.role_id
        where r.built_in and r.name = 'Owner' and u.status = 'active'`,
  )
  return rows.map(({ id }) => id)
}

export async function updateStatus(tx: Tx, people: { id: string; to: string }[]): Promise<void> {
  for (let from = 0; from < people.length; from += batchSize) {
    const batch = people.slice(from, from + batchSize)
    await run(
      tx,
      sql`update users u set status = p.to, status_changed_at = now()
          from unnest(${batch.map(({ id }) => id)}::uuid[], ${batch.map(({ to }) => to)}::text[]) as p(id, "to")
          where u.id = p.id`,
    )
  }
}

const Team = z.object({ id: z.string(), name: z.string() })
export type Team = z.output<typeof Team>

const TeamChoice = Team.extend({ all: z.number() })

/** The first teams by name, including the chosen one, and how many there are in total. */
export async function selectTeamChoices(db: Queryable, actor: Actor, max: number, chosen = '') {
  const rows = await many(
    db,
    TeamChoice,
    sql`select * from (
          select id, name, (count(*) over ())::int as all from teams where ${ownTeams(actor)}
          order by id::text = ${chosen} desc, name collate "und-x-icu" limit ${max}) t
        order by name collate "und-x-icu"`,
  )
  return { teams: rows, count: rows[0]?.all ?? 0 }
}

const ownTeams = (actor: Actor) => teamInScope(actor, sql`id`)

export function selectTeams(db: Queryable, actor: Actor): Promise<Team[]> {
  return many(
    db,
    Team,
    sql`select id, name from teams where ${ownTeams(actor)} order by name collate "und-x-icu"`,
  )
}
