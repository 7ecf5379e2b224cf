import { teamInScope } from '../access/queries.ts'
import { z } from 'zod'
import type { RequestContext, Target } from '../access/actor.ts'
import { matchesSearch } from '../access/search/queries.ts'
import { many, one, sql, type Queryable, type Sql, type Tx } from '../platform/db.ts'
import { beginningOf } from '../company/queries.ts'
import { plainAddress } from '../platform/email-address.ts'
import type { Event } from './event-types.ts'
import { localPartOf } from './filter.ts'

const Recorded = z.object({ seq: z.string(), id: z.string(), at: z.date(), hash: z.string() })
export type Recorded = z.output<typeof Recorded>

type Categorised = Event & { category: string }

/**
 * Adds entries in one statement and in order when the transaction commits: the chaining trigger sees each entry
 * before the next. `onCommitted` gets their positions in the chain.
 */
export function insertEntries(
  tx: Tx,
  by: RequestContext,
  entries: Categorised[],
  onCommitted: (recorded: Recorded[]) => void,
): void {
  const [first] = entries
  const insert =
    first && entries.length === 1
      ? insertOf(by, entry(first)).prepared('record')
      : insertOf(by, inOrder(entries))
  tx.beforeCommit(insert, (rows) => onCommitted(rows.map((row) => Recorded.parse(row))))
}

const insertOf = (
  { actor, impersonator, ip, userAgent, requestId }: RequestContext,
  entries: Sql,
): Sql => sql`
  insert into activity_log (actor_id, actor_name, actor_email, impersonator_id, impersonator_email, ip, user_agent, request_id,
    event, category, method, subject_id, subject_name, subject_email, details)
  select ${actor?.id}::uuid, ${actor?.name}::text, ${actor?.email}::text,
    ${impersonator?.id}::uuid, ${impersonator?.email}::text, ${ip}::text, ${userAgent}::text, ${requestId}::text,
    e.* from (${entries}) e
  returning seq::text, id, at, encode(hash, 'hex') as hash`

const entry = ({ event, category, method, subject, details = {} }: Categorised): Sql => sql`
  select ${event}::text, ${category}::text, ${method}::text, ${subject?.id}::uuid, ${subject?.name}::text,
    ${subject?.email}::text, ${details}::jsonb`

const inOrder = (entries: Categorised[]): Sql => sql`
  select event, category, method, id, name, email, coalesce(details, '{}')
  from rows from (jsonb_to_recordset(${JSON.stringify(entries.map(flat))}::jsonb)
    as (event text, category text, method text, id uuid, name text, email text, details jsonb)) with ordinality
    as row(event, category, method, id, name, email, details, place)
  order by place`

const flat = ({ subject, ...rest }: Categorised) => ({
  ...rest,
  ...{ id: subject?.id, name: subject?.name, email: subject?.email },
})

const Part = z.object({ part: z.string() })

/**
 * The part of a text that the fewest people's names or addresses contain, if at most twenty do: the index finds it
 * fastest. A sample of 400 people rules out common parts.
 */
export async function selectSelectiveTerm(db: Queryable, text: string): Promise<string | undefined> {
  const parts =
    localPartOf(text)
      .match(/[\p{L}\p{N}]{3,}/gu)
      ?.slice(0, 8) ?? []
  const [rarest] = await many(
    db,
    Part,
    sql`select part from (
          select part, case when (
            select count(*) from (select search_text from users limit 400) sample where search_text like pattern) < 4
          then (select count(*) from (select from users where search_text like pattern limit 21) person) end as people
          from unnest(${parts}::text[]) part cross join search_pattern(search_fold(part)) pattern) counted
        where people between 1 and 20 order by people, length(part) desc limit 1`,
  )
  return rarest?.part
}

const edge = z
  .string()
  .nullish()
  .transform((seq) => seq ?? undefined)
const Edges = z.object({ first: edge, beyond: edge })

/** The sequence numbers of a range of days, as the time zone counts days. */
export function selectDayRange(
  db: Queryable,
  from: string | undefined,
  to: string | undefined,
  timeZone: string,
) {
  const zone = sql`${timeZone}::text`
  const begin = beginningOf(sql`${from ?? null}::date`, zone)
  const end = beginningOf(sql`(${to ?? null}::date + 1)`, zone)
  const firstSince = (moment: Sql) =>
    sql`coalesce((select seq from activity_log where at >= ${moment} order by at limit 1),
          (select max(seq) + 1 from activity_log), 1)::text`
  return one(
    db,
    Edges,
    sql`select case when ${from ?? null}::date is not null then ${firstSince(begin)} end as first,
          case when ${to ?? null}::date is not null then ${firstSince(end)} end as beyond`,
  )
}

const Spelling = z.object({ ip: z.string() })

/** Other spellings of an address in the log: earlier versions stored it as a proxy sent it. */
export async function selectOtherSpellings(db: Queryable, address: string): Promise<string[]> {
  const rows = await many(
    db,
    Spelling,
    sql`select distinct ip from activity_log
        where ip <> canonical_address(ip) and canonical_address(ip) = canonical_address(${address})`,
  )
  return rows.map(({ ip }) => ip)
}

const Span = z.object({ total: z.coerce.number(), since: z.date().nullable() })

/** The number of entries, and the time of the oldest: the chain numbers them without gaps. */
export function selectEntryCount(db: Queryable): Promise<z.output<typeof Span>> {
  return one(
    db,
    Span,
    sql`select coalesce((select max(seq) from activity_log) - (select min(seq) from activity_log) + 1, 0) as total,
          (select at from activity_log order by seq limit 1) as since`,
  )
}

const Named = z.object({ id: z.string(), name: z.string(), email: z.string() })

/**
 * People by id, by whole address, or by a part of a name or address; only the viewer's team if the role is limited to
 * it.
 */
export function searchPeople(db: Queryable, viewer: Target, typed: string, limit: number) {
  const within = teamInScope(viewer, sql`team_id`)
  const exact = z.uuid().safeParse(typed).success ? sql`id = ${typed}` : sql`email = ${plainAddress(typed)}`
  return many(
    db,
    Named,
    sql`with exact as (select id, name, email from users where ${within} and ${exact})
        select * from exact union all
        (select id, name, email from users u where ${within} and ${matchesSearch(typed)}
           and not exists (select from exact) order by name collate "und-x-icu", id limit ${limit})`,
  )
}
