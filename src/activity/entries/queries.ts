import { z } from 'zod'
import { allOf, Count, holding, many, one, sql, type Queryable, type Sql } from '../../platform/db.ts'
import type { Head } from '../chain/queries.ts'
import { localPartOf, stripJsonPunctuation, type ResolvedFilter } from '../filter.ts'
import { allEventTypes } from '../event-types.ts'

const Entry = z.object({
  seq: z.string(),
  id: z.string(),
  at: z.date(),
  event: z.string(),
  category: z.string(),
  method: z.string().nullable(),
  actor_id: z.string().nullable(),
  actor_name: z.string().nullable(),
  actor_email: z.string().nullable(),
  impersonator_id: z.string().nullable(),
  impersonator_name: z.string().nullable(),
  impersonator_email: z.string().nullable(),
  subject_id: z.string().nullable(),
  subject_name: z.string().nullable(),
  subject_email: z.string().nullable(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  request_id: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  hash: z.string(),
})
export type Entry = z.output<typeof Entry>

const columns = sql`
  l.seq::text, l.id, l.at, l.event, l.category, l.method, l.actor_id, l.actor_name, l.actor_email,
  l.impersonator_id, i.name as impersonator_name, l.impersonator_email, l.subject_id, l.subject_name, l.subject_email,
  l.ip, l.user_agent, l.request_id, l.details, encode(l.hash, 'hex') as hash`

/** Where a page begins: after an entry, on to older ones, or before it, back to newer ones. */
export interface Place {
  older?: string
  newer?: string
}

/** Entries that match, the next to `place` first: newest first on the way to older ones, oldest first on the way back. */
export function selectEntries(
  db: Queryable,
  search: ResolvedFilter,
  place: Place,
  limit: number,
): Promise<Entry[]> {
  return many(
    db,
    Entry,
    sql`select ${columns} from (${pageOf(search, place, limit)}) page join activity_log l using (seq)
        left join users i on i.id = l.impersonator_id order by l.seq ${place.newer ? sql`asc` : sql`desc`}`,
  )
}

/**
 * The numbers of the entries of one page. Each kind of event, of each person asked for, is a stream that an index holds
 * in order: the ends of the streams are read and merged, so that a page costs the same after ten years as on the first
 * day. What asks for nothing but days is read off the log itself.
 */
export function pageOf(search: ResolvedFilter, place: Place, limit: number): Sql {
  const { eventTypes: kinds = allEventTypes, actors, text } = search
  const order = sql`order by seq ${place.newer ? sql`asc` : sql`desc`} limit ${limit}`
  if (text) return pageOfText(search, text, place, limit)
  if (!(search.eventTypes ?? actors ?? search.subjects ?? search.ips))
    return sql`select seq from activity_log where ${matching(search)} ${fromPlace(place)} ${order}`
  const lead = actors ? 'actors' : 'subjects'
  const people = search[lead]
  const rest = { ...search, eventTypes: undefined, [lead]: undefined }
  const each = people ? sql`, unnest(${people}::uuid[]) as asked_person` : sql``
  const its = people
    ? actors
      ? sql`and actor_id = asked_person`
      : sql`and subject_id = asked_person`
    : sql``
  return sql`
    select seq from unnest(${kinds}::text[]) as asked_kind ${each} cross join lateral (
      select seq from activity_log where event = asked_kind ${its} and ${matching(rest)} ${fromPlace(place)} ${order}) stream
    ${order}`
}

/** Entries that are read one by one for a text, before its index is asked: fewer for one that is likely rare. */
const nearby = { common: 5_000, rare: 500 }

/**
 * A text that many entries hold is soon met; one that few hold is found by its index, but all of it at once. So the
 * nearest entries that match in all else are read first, and only when they do not fill the page is the index asked
 * for those beyond. There the order and the place are hidden from the planner, who would read the log to its end
 * where a text is common and its company is not.
 */
function pageOfText(search: ResolvedFilter, text: string, place: Place, limit: number): Sql {
  const [direction, beyond, last] = place.newer
    ? [sql`asc`, sql`>`, sql`max(seq)`]
    : [sql`desc`, sql`<`, sql`min(seq)`]
  const others = { ...search, text: undefined }
  const near = search.selectiveTerm ? nearby.rare : nearby.common
  return sql`
    with nearest as materialized (${pageOf(others, place, near)}),
    near as (
      select seq from nearest join activity_log using (seq) where ${containsText(text)}
      order by seq ${direction} limit ${limit}),
    far as (
      select seq from activity_log where ${matching(search)} and seq + 0 ${beyond} (select ${last} from nearest)
        and (select count(*) from nearest) = ${near} and (select count(*) from near) < ${limit}
      order by seq + 0 ${direction} limit ${limit})
    select seq from (select seq from near union all select seq from far) page order by seq ${direction} limit ${limit}`
}

/** Where there is no such entry, say of a month that was removed, the page is the first. */
const fromPlace = ({ older, newer }: Place): Sql => {
  const number = sql`(select seq from activity_log where id = ${newer ?? older})`
  if (newer) return sql`and seq > coalesce(${number}, 0)`
  return older ? sql`and seq < coalesce(${number}, 9223372036854775807)` : sql``
}

function matching({
  eventTypes: kinds,
  actors,
  subjects,
  ips,
  text,
  selectiveTerm: rarePart,
  first,
  beyond,
  team,
}: ResolvedFilter): Sql {
  return allOf([
    kinds && sql`event ${oneOf(kinds, sql`text`)}`,
    actors && sql`actor_id ${oneOf(actors, sql`uuid`)}`,
    subjects && sql`subject_id ${oneOf(subjects, sql`uuid`)}`,
    ips && sql`ip ${oneOf(ips, sql`text`)}`,
    text &&
      sql`${textOf} like lower(${holding(rarePart ?? localPartOf(stripJsonPunctuation(text)))}) and ${containsText(text)}`,
    first && sql`seq >= ${first}`,
    beyond && sql`seq < ${beyond}`,
    team && sql`subject_id in (select id from users where team_id = ${team})`,
  ])
}

/** With a single one the planner sees that an index holds the rest in order. */
const oneOf = (all: string[], type: Sql): Sql =>
  all.length === 1 ? sql`= ${all[0]}::${type}` : sql`= any(${all}::${type}[])`

const containsText = (text: string) => sql`strpos(${textOf}, lower(${stripJsonPunctuation(text)})) > 0`

const textOf = sql`activity_text(
  actor_name, actor_email, subject_name, subject_email, impersonator_email, details, request_id)`

/** How many match, counted no further than `limit`. */
export async function selectMatchCount(
  db: Queryable,
  search: ResolvedFilter,
  limit: number,
): Promise<number> {
  const row = await one(db, Count, sql`select count(*) from (${pageOf(search, {}, limit)}) matches`)
  return row.count
}

/** Every entry that matches, up to the head, as the columns of the CSV have it: newest first, times in UTC. */
export function exportQuery(search: ResolvedFilter, head: Head): Sql {
  return sql`
    select id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as timestamp, event, category, method,
      actor_id, csv_cell(actor_name) as actor_name, csv_cell(actor_email) as actor_email,
      impersonator_id, csv_cell(impersonator_email) as impersonator_email,
      subject_id, csv_cell(subject_name) as subject_name, csv_cell(subject_email) as subject_email,
      csv_cell(ip) as ip, csv_cell(user_agent) as user_agent, details::text as details
    from activity_log where ${matching(search)} and seq <= ${head.seq} order by seq desc`
}
