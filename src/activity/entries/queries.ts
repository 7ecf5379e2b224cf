import { z } from 'zod'
import {
  allOf,
  anyOf,
  Count,
  containing,
  many,
  one,
  sql,
  utc,
  type Queryable,
  type Sql,
} from '../../platform/db.ts'
import type { Head } from '../chain/queries.ts'
import { reasonsWith, type SearchedReason } from '../search-reasons.ts'
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

/** The start of a page: after an entry, towards older ones, or before one, towards newer ones. */
export interface Place {
  older?: string
  newer?: string
}

/** Matching entries next to `place`: newest first towards older ones, oldest first towards newer ones. */
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
 * The sequence numbers of one page. An index holds each event type, or each event type of each person, as an ordered
 * stream. The heads of these streams are read and merged, so a page costs the same after ten years as on the first
 * day. A filter by days only is read from the log itself.
 */
export function pageOf(search: ResolvedFilter, place: Place, limit: number): Sql {
  const { eventTypes: types = allEventTypes, actors, text } = search
  const order = sql`order by seq ${place.newer ? sql`asc` : sql`desc`} limit ${limit}`
  if (text) return pageOfText(search, text, place, limit)
  if (!(search.eventTypes ?? actors ?? search.subjects ?? search.ips))
    return sql`select seq from activity_log where ${matching(search)} ${fromPlace(place)} ${order}`
  const side = actors ? 'actors' : 'subjects'
  const people = search[side]
  const rest = { ...search, eventTypes: undefined, [side]: undefined }
  const each = people ? sql`, unnest(${people}::uuid[]) as wanted_person` : sql``
  const ofPerson = people
    ? actors
      ? sql`and actor_id = wanted_person`
      : sql`and subject_id = wanted_person`
    : sql``
  return sql`
    select seq from unnest(${types}::text[]) as wanted_type ${each} cross join lateral (
      select seq from activity_log where event = wanted_type ${ofPerson} and ${matching(rest)} ${fromPlace(place)} ${order}) stream
    ${order}`
}

/** How many entries are scanned for a text before its index is used; fewer if the text is likely to be rare. */
const nearby = { common: 5_000, rare: 500 }

/**
 * A common text is found quickly by scanning; a rare one is found by its index, but only all matches at once. So the
 * nearest entries that match all other filters are scanned first. Only if they do not fill the page, the index is
 * used for the entries beyond. `seq + 0` hides the order from the planner, which would otherwise scan the whole log
 * if the text is common but the other filters are not.
 */
function pageOfText(search: ResolvedFilter, text: string, place: Place, limit: number): Sql {
  const [direction, beyond, last] = place.newer
    ? [sql`asc`, sql`>`, sql`max(seq)`]
    : [sql`desc`, sql`<`, sql`min(seq)`]
  const otherFilters = { ...search, text: undefined }
  const near = search.selectiveTerm ? nearby.rare : nearby.common
  return sql`
    with nearest as materialized (${pageOf(otherFilters, place, near)}),
    near as (
      select seq from nearest join activity_log using (seq) where ${containsText(text)}
      order by seq ${direction} limit ${limit}),
    far as (
      select seq from activity_log where ${matching(search)} and seq + 0 ${beyond} (select ${last} from nearest)
        and (select count(*) from nearest) = ${near} and (select count(*) from near) < ${limit}
      order by seq + 0 ${direction} limit ${limit})
    select seq from (select seq from near union all select seq from far) page order by seq ${direction} limit ${limit}`
}

/** If the entry no longer exists, for example in a removed month, the first page is shown. */
const fromPlace = ({ older, newer }: Place): Sql => {
  const number = sql`(select seq from activity_log where id = ${newer ?? older})`
  if (newer) return sql`and seq > coalesce(${number}, 0)`
  return older ? sql`and seq < coalesce(${number}, 9223372036854775807)` : sql``
}

function matching({
  eventTypes: types,
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
    types && sql`event ${oneOf(types, sql`text`)}`,
    actors && sql`actor_id ${oneOf(actors, sql`uuid`)}`,
    subjects && sql`subject_id ${oneOf(subjects, sql`uuid`)}`,
    ips && sql`ip ${oneOf(ips, sql`text`)}`,
    text && indexedText(text, rarePart ?? localPartOf(stripJsonPunctuation(text))),
    first && sql`seq >= ${first}`,
    beyond && sql`seq < ${beyond}`,
    team && sql`subject_id in (select id from users where team_id = ${team})`,
  ])
}

/** For a single value the planner sees that an index holds the rest in order. */
const oneOf = (all: string[], type: Sql): Sql =>
  all.length === 1 ? sql`= ${all[0]}::${type}` : sql`= any(${all}::${type}[])`

/** Whether an entry contains the text: in a name, an address or a detail, or in the sentence of its reason. */
const containsText = (text: string): Sql =>
  anyOf([
    sql`strpos(${textOf}, lower(${stripJsonPunctuation(text)})) > 0`,
    ...reasonsWith(text).map((reason) => hasReason(reason, text)),
  ])

/** The same, in terms of the index, which holds the codes of reasons. `part`: a part of the text to look for in it. */
const indexedText = (text: string, part: string): Sql =>
  anyOf([
    sql`(${textOf} like lower(${containing(part)}) and strpos(${textOf}, lower(${stripJsonPunctuation(text)})) > 0)`,
    ...reasonsWith(text).map(
      (reason) => sql`(${textOf} like ${containing(reason.code)} and ${hasReason(reason, text)})`,
    ),
  ])

const hasReason = ({ event, detail, code, sentence, params }: SearchedReason, text: string): Sql => {
  const filled = params.reduce(
    (made, name) => sql`replace(${made}, ${`{${name}}`}::text, coalesce(details ->> ${name}, ''))`,
    sql`${sentence}::text`,
  )
  const stripped = sql`translate(lower(${filled}), '[]{}",\', '')`
  return sql`(event = ${event} and details ->> ${detail} = ${code} and strpos(${stripped}, lower(${stripJsonPunctuation(text)})) > 0)`
}

const textOf = sql`activity_text(
  actor_name, actor_email, subject_name, subject_email, impersonator_email, details, request_id)`

/** Counts the matches, up to `limit`. */
export async function selectMatchCount(
  db: Queryable,
  search: ResolvedFilter,
  limit: number,
): Promise<number> {
  const row = await one(db, Count, sql`select count(*) from (${pageOf(search, {}, limit)}) matches`)
  return row.count
}

/** Every matching entry up to the head, with the columns of the CSV: newest first, times in UTC. */
export function exportQuery(search: ResolvedFilter, head: Head): Sql {
  return sql`
    select id, ${utc(sql`at`)} as timestamp, event, category, method,
      actor_id, csv_cell(actor_name) as actor_name, csv_cell(actor_email) as actor_email,
      impersonator_id, csv_cell(impersonator_email) as impersonator_email,
      subject_id, csv_cell(subject_name) as subject_name, csv_cell(subject_email) as subject_email,
      csv_cell(ip) as ip, csv_cell(user_agent) as user_agent, details::text as details
    from activity_log where ${matching(search)} and seq <= ${head.seq} order by seq desc`
}
