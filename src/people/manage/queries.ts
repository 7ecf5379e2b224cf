import { z } from 'zod'
import { Role } from '../../access/actor.ts'
import { Id, many, maybeOne, one, run, sql, type Queryable, type Tx } from '../../platform/db.ts'

const RoleRow = Role.extend({ id: z.string() })
export type RoleRow = z.output<typeof RoleRow>

export function selectRoles(db: Queryable): Promise<RoleRow[]> {
  return many(
    db,
    RoleRow,
    sql`select * from roles order by kind desc, built_in desc, cardinality(permissions) desc, name collate "und-x-icu"`,
  )
}

/** Locks a role against changes until the transaction ends; without an id the role of fieldworkers. */
export function selectOptionalRoleForShare(tx: Tx, id: string | null): Promise<RoleRow | undefined> {
  const which = id === null ? sql`built_in and kind = 'fieldworker'` : sql`id = ${id}`
  return maybeOne(tx, RoleRow, sql`select * from roles where ${which} for share`)
}

export const selectFieldworkerRole = (db: Queryable): Promise<RoleRow> =>
  one(db, RoleRow, sql`select * from roles where built_in and kind = 'fieldworker'`)

const TeamRow = z.object({ id: z.string(), name: z.string() })

export function selectOptionalTeam(db: Queryable, id: string) {
  return maybeOne(db, TeamRow, sql`select id, name from teams where id = ${id}`)
}

interface NewUser {
  name: string
  email: string
  phone: string | null
  roleId: string
  teamId: string | null
}

export async function insertUser(tx: Tx, { name, email, phone, roleId, teamId }: NewUser): Promise<string> {
  const row = await one(
    tx,
    Id,
    sql`insert into users (name, email, phone, role_id, team_id, status)
        values (${name}, ${email}, ${phone}, ${roleId}, ${teamId}, 'invited') returning id`,
  )
  return row.id
}

/** A new email address is unverified. */
export async function updateDetails(tx: Tx, id: string, details: Omit<NewUser, 'roleId'>): Promise<void> {
  const { name, email, phone, teamId } = details
  await run(
    tx,
    sql`update users set name = ${name}, email = ${email}, phone = ${phone}, team_id = ${teamId},
          email_verified_at = case when email = ${email} then email_verified_at end
        where id = ${id}`,
  )
}

/** The number of rows that one statement writes, so that none takes long. */
const batchSize = 1_000

interface ChangedDetails {
  id: string
  name: string
  phone: string | null
  team_id: string | null
}

export async function updatePeopleDetails(tx: Tx, people: ChangedDetails[]): Promise<void> {
  for (let from = 0; from < people.length; from += batchSize)
    await run(
      tx,
      sql`update users u set name = p.name, phone = p.phone, team_id = p.team_id
          from jsonb_to_recordset(${JSON.stringify(people.slice(from, from + batchSize))}::jsonb)
            as p(id uuid, name text, phone text, team_id uuid)
          where u.id = p.id`,
    )
}

export async function updateRole(tx: Tx, id: string, roleId: string, teamId: string | null): Promise<void> {
  await run(tx, sql`update users set role_id = ${roleId}, team_id = ${teamId} where id = ${id}`)
}

const EmailChanged = z.object({ changed: z.boolean() })

/** Whether someone other than the actor changed a person's email address within the lifetime of a form. */
export async function selectEmailChangedByOthers(tx: Tx, id: string, actorId: string): Promise<boolean> {
  const row = await one(
    tx,
    EmailChanged,
    sql`select exists (select from activity_log where subject_id = ${id} and event = 'user_updated'
          and actor_id is distinct from ${actorId}::uuid and details ? 'email_after' and at > now() - interval '30 minutes') as changed`,
  )
  return row.changed
}

export interface NewFieldworker {
  name: string
  email: string
  phone: string | null
  team_id: string | null
}

const Inserted = z.object({ id: z.string(), email: z.string() })

/** Skips email addresses that other accounts have. Returns the people it created. */
export function insertFieldworkers(tx: Tx, people: NewFieldworker[]) {
  return many(
    tx,
    Inserted,
    sql`insert into users (name, email, phone, role_id, team_id, status)
        select p.name, p.email, p.phone, r.id, p.team_id, 'invited'
        from jsonb_to_recordset(${JSON.stringify(people)}::jsonb) as p(name text, email text, phone text, team_id uuid)
          cross join (select id from roles where built_in and kind = 'fieldworker') r
        on conflict (email) do nothing returning id, email`,
  )
}
