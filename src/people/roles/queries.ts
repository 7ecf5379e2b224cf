import { z } from 'zod'
import { Role } from '../../access/actor.ts'
import { builtInRoles } from '../../access/built-in-roles.ts'
import { Id, many, maybeOne, one, run, sql, type Queryable, type Tx } from '../../platform/db.ts'

const RoleRow = Role.extend({
  id: z.string(),
  built_in: z.boolean(),
  version: z.number(),
  people: z.coerce.number(),
  teamless: z.coerce.number(),
})
export type RoleRow = z.output<typeof RoleRow>
export type RoleFields = Pick<RoleRow, 'name' | 'scope' | 'permissions'>

const rolesWithCounts = sql`
  select r.id, r.name, r.kind, r.scope, r.permissions, r.built_in, r.version, count(u.id) as people,
    count(u.id) filter (where u.team_id is null) as teamless
  from roles r left join users u on u.role_id = r.id`

/** The company's roles by name, then the built-in ones, most permissions first. */
export function selectRoles(db: Queryable): Promise<RoleRow[]> {
  return many(
    db,
    RoleRow,
    sql`${rolesWithCounts} group by r.id
        order by r.built_in, array_position(${builtInRoles.map(({ name }) => name)}::text[], r.name),
          r.name collate "und-x-icu"`,
  )
}

export function selectOptionalRole(db: Queryable, id: string): Promise<RoleRow | undefined> {
  return maybeOne(db, RoleRow, sql`${rolesWithCounts} where r.id = ${id} group by r.id`)
}

/** Makes changes of roles wait for each other. */
export async function lockRoles(tx: Tx): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('roles'))`)
}

/** Waits for assignments of this role in progress, and blocks new ones until the transaction ends. */
export async function lockRoleInUse(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`select from roles where id = ${id} for update`)
}

const NameTaken = z.object({ taken: z.boolean() })

export async function selectNameTaken(db: Queryable, name: string, except: string | null): Promise<boolean> {
  const row = await one(
    db,
    NameTaken,
    sql`select exists (select from roles where lower(name) = lower(${name}) and id is distinct from ${except}::uuid) as taken`,
  )
  return row.taken
}

export async function insertRole(tx: Tx, { name, scope, permissions }: RoleFields): Promise<string> {
  const row = await one(
    tx,
    Id,
    sql`insert into roles (name, kind, scope, permissions) values (${name}, 'office', ${scope}, ${permissions}) returning id`,
  )
  return row.id
}

export async function updateRole(
  tx: Tx,
  id: string,
  { name, scope, permissions }: RoleFields,
): Promise<void> {
  await run(
    tx,
    sql`update roles set name = ${name}, scope = ${scope}, permissions = ${permissions}, version = version + 1
        where id = ${id}`,
  )
}

export async function deleteRole(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`delete from roles where id = ${id}`)
}
