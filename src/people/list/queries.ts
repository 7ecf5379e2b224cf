import { teamInScope } from '../../access/queries.ts'
import { matchesSearch } from '../../access/search/queries.ts'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { allOf, constant, Id, many, sql, utc, type Queryable, type Sql } from '../../platform/db.ts'
import type { Order, PeopleFilter } from '../filter.ts'
import { userColumns, UserRow, userTables } from '../queries.ts'

const name = [sql`u.name collate "und-x-icu"`, sql`u.id`]
/** What each order compares: the columns of an index. Who never did it comes before everybody who did. */
const columnsOf: Record<Order, Sql[]> = {
  name,
  last_sign_in: [sql`coalesce(u.last_sign_in_at, '-infinity')`, ...name],
  password_changed: [sql`coalesce(u.password_changed_at, '-infinity')`, ...name],
}

const listed = (parts: Sql[]): Sql => parts.reduce((all, next) => sql`${all}, ${next}`)

/** The order of a list and its reverse, and the conditions for what comes after and before a person in it. */
function orderOf({ sort = 'name' }: PeopleFilter) {
  const isDown = sort.startsWith('-')
  const columns = columnsOf[sort.replace('-', '') as Order]
  const up = listed(columns)
  const down = listed(columns.map((column) => sql`${column} desc`))
  const key = (id: string) => sql`(select ${up} from users u where u.id = ${id})`
  const above = (id: string) => sql`(${up}) > ${key(id)}`
  const below = (id: string) => sql`(${up}) < ${key(id)}`
  return isDown
    ? { order: down, reverse: up, after: below, before: above }
    : { order: up, reverse: down, after: above, before: below }
}

export function selectUsers(
  db: Queryable,
  actor: Actor,
  filter: PeopleFilter,
  limit: number,
): Promise<UserRow[]> {
  const { order, after } = orderOf(filter)
  const from = filter.after ? sql`and ${after(filter.after)}` : sql``
  const statement = sql`select ${userColumns} from ${userTables} where ${inScope(actor)} and ${matching(filter)} ${from}
    order by ${order} limit ${constant(limit)}`
  return many(db, UserRow, isWhole(filter) ? statement.preparedByText() : statement)
}

/** The first page of a whole list, the one that is opened most: to plan it takes longer than to read it. */
const isWhole = ({ kind: _kind, sort: _sort, ...filters }: PeopleFilter): boolean =>
  Object.values(filters).every((filter) => filter === undefined)

/** The user after which the previous page begins; null if that is the first page. */
export async function selectPreviousPage(
  db: Queryable,
  actor: Actor,
  filter: PeopleFilter,
  first: string,
  limit: number,
) {
  const { reverse, before } = orderOf(filter)
  const rows = await many(
    db,
    Id,
    sql`select u.id from ${userTables} where ${inScope(actor)} and ${matching(filter)} and ${before(first)}
        order by ${reverse} offset ${limit} limit 1`,
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
    from ${userTables} where ${inScope(actor)} and ${matching(filter)} order by ${orderOf(filter).order}`
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
  const statement = sql`select s.status, (select count(*) from (select from users u where ${ofStatus} limit ${constant(max + 1)}) found) as count
    from unnest(${statuses}::text[]) as s(status)`
  const rows = await many(db, StatusCount, isWhole(filter) ? statement.preparedByText() : statement)
  const counts = Object.fromEntries(rows.map(({ status, count }) => [status, count])) as Counts
  return { ...counts, all: rows.reduce((sum, { count }) => sum + count, 0) }
}

const inScope = (actor: Actor): Sql => teamInScope(actor, sql`u.team_id`)

function matching({ kind, q, status, state, team, role, verified, lockedIds = [] }: PeopleFilter): Sql {
  return allOf([
    kind && sql`u.role_id in (select id from roles where kind = ${kind})`,
    q && matchesSearch(q),
    status && sql`u.status = ${status}`,
    // Nobody has a second step yet, so `no_second_step` asks for nothing.
    state === 'temporary' && sql`u.temporary_password_expires_at is not null`,
    state === 'locked' && sql`u.id = any(${lockedIds}::uuid[])`,
    state === 'never_signed_in' && sql`u.last_sign_in_at is null`,
    state === 'unverified' && sql`u.email_verified_at is null`,
    team && sql`u.team_id = ${team}`,
    role && sql`u.role_id = ${role}`,
    verified === 'yes' && sql`u.email_verified_at is not null`,
    verified === 'no' && sql`u.email_verified_at is null`,
  ])
}
