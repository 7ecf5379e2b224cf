import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { many, run, sql, type Queryable, type Sql } from '../../platform/db.ts'
import { allSkipReasons } from '../skip-reasons.ts'

const PersonRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  team_name: z.string().nullable(),
  state: z.enum(['changed', 'opened', 'sent', 'queued', 'failed', 'excused']),
  excused: z.enum(allSkipReasons).nullable(),
  due_at: z.date().nullable(),
  tries: z.number(),
  answer: z.string().nullable(),
  sent_at: z.date().nullable(),
  failed_at: z.date().nullable(),
  opened_at: z.date().nullable(),
  renewed_at: z.date().nullable(),
  reminded_at: z.date().nullable(),
  changed_at: z.date().nullable(),
})
export type PersonRow = z.output<typeof PersonRow>

/** What a page may ask for: one state, or all who still have to choose a password. */
export const shownStates = ['open', 'changed', 'opened', 'sent', 'queued', 'failed', 'excused'] as const
export type ShownState = (typeof shownStates)[number]

const inState = (state: ShownState | undefined): Sql => {
  if (state === undefined) return sql`p.state <> 'excused'`
  return state === 'open' ? sql`p.state in ('sent', 'opened', 'failed')` : sql`p.state = ${state}`
}
const within = ({ role, teamId }: Actor): Sql =>
  role.scope === 'company' ? sql`true` : sql`u.team_id = ${teamId}`
const byName = sql`u.name collate "und-x-icu", u.id`
const placeOf = (id: string) => sql`(select name collate "und-x-icu", id from users where id = ${id})`

/** The next to `place` first: forwards by name, or backwards on the way back. */
export function selectPeopleOf(
  db: Queryable,
  viewer: Actor,
  id: string,
  { state, after, before }: { state?: ShownState; after?: string; before?: string },
  limit: number,
): Promise<PersonRow[]> {
  const place = after ? sql`and (${byName}) > ${placeOf(after)}` : sql``
  const back = before ? sql`and (${byName}) < ${placeOf(before)}` : sql``
  const order = before ? sql`u.name collate "und-x-icu" desc, u.id desc` : byName
  return many(
    db,
    PersonRow,
    sql`select u.id, u.name, u.email, t.name as team_name, p.state, p.excused, p.due_at, p.tries, p.answer, p.sent_at,
          p.failed_at, p.opened_at, p.renewed_at, p.reminded_at, p.changed_at
        from campaign_people p join users u on u.id = p.user_id left join teams t on t.id = u.team_id
        where p.campaign_id = ${id} and ${inState(state)} and ${within(viewer)} ${place} ${back}
        order by ${order} limit ${limit}`,
  )
}

const utc = (column: Sql) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Everybody of a campaign as its CSV has them: who did what when. */
export function exportQuery(viewer: Actor, id: string): Sql {
  return sql`
    select u.id as user_id, csv_cell(u.name) as name, csv_cell(u.email) as email, csv_cell(t.name) as team, p.state,
      p.excused as left_out_because, ${utc(sql`p.sent_at`)} as sent_at, ${utc(sql`p.failed_at`)} as failed_at,
      ${utc(sql`p.opened_at`)} as opened_at, ${utc(sql`p.renewed_at`)} as new_link_at,
      ${utc(sql`p.reminded_at`)} as reminded_at, ${utc(sql`p.changed_at`)} as changed_at,
      csv_cell(p.answer) as server_answer
    from campaign_people p join users u on u.id = p.user_id left join teams t on t.id = u.team_id
    where p.campaign_id = ${id}::uuid and ${within(viewer)} order by ${byName}`
}

/** Notes once that somebody opened a link of a campaign, or asked for a new one in its place. */
export async function updateOpened(
  db: Queryable,
  linkId: string,
  what: 'opened_at' | 'renewed_at',
): Promise<void> {
  const note = what === 'opened_at' ? sql`opened_at = now()` : sql`renewed_at = now()`
  const first = what === 'opened_at' ? sql`p.opened_at is null` : sql`p.renewed_at is null`
  await run(
    db,
    sql`update campaign_people p set ${note} from links l
        where l.id = ${linkId} and p.campaign_id = l.campaign_id and p.user_id = l.user_id and ${first}`,
  )
}
