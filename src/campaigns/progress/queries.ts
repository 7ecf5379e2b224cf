import { teamInScope } from '../../access/queries.ts'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { many, run, sql, utc, type Queryable, type Sql } from '../../platform/db.ts'
import { allSkipReasons } from '../skip-reasons.ts'

const RecipientRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  team_name: z.string().nullable(),
  state: z.enum(['changed', 'opened', 'sent', 'queued', 'failed', 'skipped']),
  skip_reason: z.enum(allSkipReasons).nullable(),
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
export type RecipientRow = z.output<typeof RecipientRow>

/** The filters of the page: one state, or everyone who has not chosen a password yet. */
export const stateFilters = ['open', 'changed', 'opened', 'sent', 'queued', 'failed', 'skipped'] as const
export type StateFilter = (typeof stateFilters)[number]

const inState = (state: StateFilter | undefined): Sql => {
  if (state === undefined) return sql`p.state <> 'skipped'`
  return state === 'open' ? sql`p.state in ('sent', 'opened', 'failed')` : sql`p.state = ${state}`
}
const inScope = (viewer: Actor): Sql => teamInScope(viewer, sql`u.team_id`)
const byName = sql`u.name collate "und-x-icu", u.id`
const sortKeyOf = (id: string) => sql`(select name collate "und-x-icu", id from users where id = ${id})`

/** One page of recipients: by name after `after`, or backwards before `before`. */
export function selectRecipientPage(
  db: Queryable,
  viewer: Actor,
  id: string,
  { state, after, before }: { state?: StateFilter; after?: string; before?: string },
  limit: number,
): Promise<RecipientRow[]> {
  const afterClause = after ? sql`and (${byName}) > ${sortKeyOf(after)}` : sql``
  const beforeClause = before ? sql`and (${byName}) < ${sortKeyOf(before)}` : sql``
  const order = before ? sql`u.name collate "und-x-icu" desc, u.id desc` : byName
  return many(
    db,
    RecipientRow,
    sql`select u.id, u.name, u.email, t.name as team_name, p.state, p.skip_reason, p.due_at, p.tries, p.answer, p.sent_at,
          p.failed_at, p.opened_at, p.renewed_at, p.reminded_at, p.changed_at
        from campaign_people p join users u on u.id = p.user_id left join teams t on t.id = u.team_id
        where p.campaign_id = ${id} and ${inState(state)} and ${inScope(viewer)} ${afterClause} ${beforeClause}
        order by ${order} limit ${limit}`,
  )
}

/** The rows of a campaign's CSV. */
export function exportQuery(viewer: Actor, id: string): Sql {
  return sql`
    select u.id as user_id, csv_cell(u.name) as name, csv_cell(u.email) as email, csv_cell(t.name) as team, p.state,
      p.skip_reason as left_out_because, ${utc(sql`p.sent_at`)} as sent_at, ${utc(sql`p.failed_at`)} as failed_at,
      ${utc(sql`p.opened_at`)} as opened_at, ${utc(sql`p.renewed_at`)} as new_link_at,
      ${utc(sql`p.reminded_at`)} as reminded_at, ${utc(sql`p.changed_at`)} as changed_at,
      csv_cell(p.answer) as server_answer
    from campaign_people p join users u on u.id = p.user_id left join teams t on t.id = u.team_id
    where p.campaign_id = ${id}::uuid and ${inScope(viewer)} order by ${byName}`
}

/** A link was opened, by the person or by their mail scanner: the two cannot be told apart. */
export async function noteOpened(db: Queryable, linkId: string): Promise<void> {
  await run(db, sql`update campaign_people p set opened_at = now() ${ofLink(linkId)} and p.opened_at is null`)
}

/** A person whose link was no longer valid asked for a new one, which counts for the same campaign. */
export async function noteRenewed(db: Queryable, linkId: string): Promise<void> {
  await run(
    db,
    sql`update campaign_people p set renewed_at = now() ${ofLink(linkId)} and p.renewed_at is null`,
  )
}

const ofLink = (linkId: string): Sql =>
  sql`from links l where l.id = ${linkId} and p.campaign_id = l.campaign_id and p.user_id = l.user_id`
