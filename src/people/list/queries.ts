import { teamInScope } from '../../access/queries.ts'
import { matchesSearch } from '../../access/search/queries.ts'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { allOf, Id, many, sql, utc, type Queryable, type Sql } from '../../platform/db.ts'
import type { PeopleFilter } from '../filter.ts'
import { byName, userColumns, UserRow, userTables } from '../queries.ts'

const byNameBackwards = sql`u.name collate "und-x-icu" desc, u.id desc`
const sortKeyOf = (id: string) => sql`(select name collate "und-x-icu", id from users where id = ${id})`

export function selectUsers(
  db: Queryable,
  actor: Actor,
  filter: PeopleFilter,
  limit: number,
): Promise<UserRow[]> {
  const from = filter.after ? sql`and (${byName}) > ${sortKeyOf(filter.after)}` : sql``
  return many(
    db,
    UserRow,
    sql`select ${userColumns} from ${userTables} where ${inScope(actor)} and ${matching(filter)} ${from}
        order by ${byName} limit ${limit}`,
  )
}

/** The user after which the previous page begins; null if that is the first page. */
export async function selectPreviousPage(
  db: Queryable,
  actor: Actor,
  filter: PeopleFilter,
  first: string,
  limit: number,
) {
  const rows = await many(
    db,
    Id,
    sql`select u.id from ${userTables} where ${inScope(actor)} and ${matching(filter)} and (${byName}) < ${sortKeyOf(first)}
        order by ${byNameBackwards} offset ${limit} limit 1`,
  )
  return rows[0]?.id ?? null
}

/** The rows of a list's CSV: everyone who matches, with the columns of the list. */
export function exportQuery(actor: Actor, filter: PeopleFilter): Sql {
  return sql`
    select u.id, csv_cell(u.name) as name, csv_cell(u.email) as email, csv_cell(u.phone) as phone,
      csv_cell(t.name) as team, csv_cell(r.name) as role, u.status, ${utc(sql`u.email_verified_at`)} as email_verified_at,
      ${utc(sql`u.password_changed_at`)} as password_changed_at, ${utc(sql`u.last_sign_in_at`)} as last_sign_in_at,
      ${utc(sql`u.created_at`)} as created_at
    from ${userTables} where ${inScope(actor)} and ${matching(filter)} order by ${byName}`
}

/** Everyone who matches, without pages. */
export async function selectMatchingIds(
  db: Queryable,
  actor: Actor,
  filter: PeopleFilter,
): Promise<string[]> {
  const rows = await many(
    db,
    Id,
    sql`select u.id from ${userTables} where ${inScope(actor)} and ${matching(filter)}`,
  )
  return rows.map(({ id }) => id)
}

const statuses = ['active', 'invited', 'inactive', 'blocked'] as const
export type Counts = Record<(typeof statuses)[number] | 'all', number>

const StatusCount = z.object({ status: z.enum(statuses), count: z.coerce.number() })

/** How many match in each status, ignoring the filter's status. It counts up to `max` of each. */
export async function selectCounts(
  db: Queryable,
  actor: Actor,
  filter: PeopleFilter,
  max: number,
): Promise<Counts> {
  const ofStatus = sql`${inScope(actor)} and ${matching({ ...filter, status: undefined })} and u.status = s.status`
  const rows = await many(
    db,
    StatusCount,
    sql`select s.status, (select count(*) from (select from users u where ${ofStatus} limit ${max + 1}) found) as count
        from unnest(${statuses}::text[]) as s(status)`,
  )
  const counts = Object.fromEntries(rows.map(({ status, count }) => [status, count])) as Counts
  return { ...counts, all: rows.reduce((sum, { count }) => sum + count, 0) }
}

const inScope = (actor: Actor): Sql => teamInScope(actor, sql`u.team_id`)

function matching({ kind, q, status, team, role, verified }: PeopleFilter): Sql {
  return allOf([
    kind && sql`u.role_id in (select id from roles where kind = ${kind})`,
    q && matchesSearch(q),
    status && sql`u.status = ${status}`,
    team && sql`u.team_id = ${team}`,
    role && sql`u.role_id = ${role}`,
    verified === 'yes' && sql`u.email_verified_at is not null`,
    verified === 'no' && sql`u.email_verified_at is null`,
  ])
}
