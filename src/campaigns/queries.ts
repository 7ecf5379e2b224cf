import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { many, maybeOne, one, run, sql, type Queryable, type Sql, type Tx } from '../foundation/db.ts'
import { allExcuses, type Excuse } from './excuses.ts'

const Counts = z.object({
  changed: z.number(),
  opened: z.number(),
  sent: z.number(),
  queued: z.number(),
  failed: z.number(),
  excused: z.number(),
})
export type Counts = z.output<typeof Counts>

const countsOf = (campaign: Sql) => sql`(
  select jsonb_build_object('changed', count(*) filter (where state = 'changed'), 'opened', count(*) filter (where state = 'opened'),
    'sent', count(*) filter (where state = 'sent'), 'queued', count(*) filter (where state = 'queued'),
    'failed', count(*) filter (where state = 'failed'), 'excused', count(*) filter (where state = 'excused'))
  from campaign_people where campaign_id = ${campaign})`

const Campaign = z.object({
  id: z.string(),
  name: z.string(),
  subject: z.string(),
  status: z.enum(['running', 'paused', 'finished', 'cancelled']),
  status_at: z.date(),
  started_at: z.date(),
  started_by_name: z.string(),
  acts_for_name: z.string(),
  paused_because: z.string().nullable(),
  held_because: z.string().nullable(),
  letters_per_second: z.number(),
  reminders: z.coerce.number(),
  counts: Counts,
})
export type Campaign = z.output<typeof Campaign>

const columns = sql`c.id, c.name, c.subject, c.status, c.status_at, c.started_at, s.name as started_by_name,
  a.name as acts_for_name, c.paused_because, c.held_because, c.letters_per_second, ${countsOf(sql`c.id`)} as counts,
  (select count(*) from campaign_people p where p.campaign_id = c.id and p.reminder and p.due_at is not null) as reminders`
const tables = sql`campaigns c join users s on s.id = c.started_by join users a on a.id = c.acts_for`

/** A role for the whole company sees every campaign, one for a team those that its holder started. */
const visibleTo = ({ id, role }: Actor): Sql =>
  role.scope === 'company' ? sql`true` : sql`c.started_by = ${id}`

export function selectCampaigns(db: Queryable, viewer: Actor, limit: number): Promise<Campaign[]> {
  return many(
    db,
    Campaign,
    sql`select ${columns} from ${tables} where ${visibleTo(viewer)} order by c.started_at desc, c.id desc limit ${limit}`,
  )
}

export function selectOptionalCampaign(
  db: Queryable,
  viewer: Actor,
  id: string,
): Promise<Campaign | undefined> {
  return maybeOne(
    db,
    Campaign,
    sql`select ${columns} from ${tables} where c.id = ${id} and ${visibleTo(viewer)}`,
  )
}

/** Two starts at once, or a start and a finish: one waits for the other. */
export async function lockCampaigns(tx: Tx): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('campaigns'))`)
}

export async function lockCampaign(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`select from campaigns where id = ${id} for no key update`)
}

const Going = z.object({ running: z.string().nullable(), today: z.coerce.number(), wait: z.coerce.number() })

/** The one that runs, how many were started within a day, and the seconds until the oldest of those is a day old. */
export function selectGoing(tx: Tx): Promise<z.output<typeof Going>> {
  return one(
    tx,
    Going,
    sql`select (select name from campaigns where status = 'running') as running, count(*) as today,
          coalesce(ceil(extract(epoch from min(started_at) + interval '1 day' - now())), 0) as wait
        from campaigns where started_at > now() - interval '1 day'`,
  )
}

interface NewCampaign {
  text: { name: string; subject: string; body: string }
  by: string
  lettersPerSecond: number
}

export async function insertCampaign(tx: Tx, { text, by, lettersPerSecond }: NewCampaign): Promise<string> {
  const row = await one(
    tx,
    z.object({ id: z.string() }),
    sql`insert into campaigns (name, subject, body, started_by, acts_for, letters_per_second)
        values (${text.name}, ${text.subject}, ${text.body}, ${by}, ${by}, ${lettersPerSecond}) returning id`,
  )
  return row.id
}

export async function insertPeopleOf(
  tx: Tx,
  campaignId: string,
  people: { id: string; why: Excuse | null }[],
): Promise<void> {
  await run(
    tx,
    sql`insert into campaign_people (campaign_id, user_id, excused, due_at)
        select ${campaignId}, id, why, case when why is null then now() end
        from unnest(${people.map(({ id }) => id)}::uuid[], ${people.map(({ why }) => why)}::text[]) as p(id, why)`,
  )
  await run(tx, sql`select count_campaign_people()`)
}

export interface NewStatus {
  status: Campaign['status']
  because?: string | null
  /** With whose rights it goes on. */
  actsFor?: string
}

export async function updateStatus(
  tx: Tx,
  id: string,
  { status, because, actsFor }: NewStatus,
): Promise<void> {
  await run(
    tx,
    sql`update campaigns set status = ${status}, status_at = now(), paused_because = ${because ?? null}, holds = 0,
          held_until = null, held_because = null, acts_for = coalesce(${actsFor ?? null}::uuid, acts_for)
        where id = ${id}`,
  )
}

/** Whoever got a letter and has not chosen a password yet gets another; gives how many they are. */
export function updateReminded(tx: Tx, id: string): Promise<number> {
  return run(
    tx,
    sql`update campaign_people set due_at = now(), reminder = true, tries = 0, letter_id = null, link_id = null
        where campaign_id = ${id} and state in ('sent', 'opened') and due_at is null`,
  )
}

/** What has not left stays; whoever would have got their first letter is excused. */
export async function updateCancelled(tx: Tx, id: string): Promise<void> {
  await run(
    tx,
    sql`update campaign_people set excused = case when sent_at is null then 'cancelled' end, due_at = null
        where campaign_id = ${id} and due_at is not null and claimed_by is null`,
  )
}

export function selectTallyOf(tx: Tx, id: string) {
  return one(
    tx,
    z.object({ name: z.string(), counts: Counts }),
    sql`select c.name, ${countsOf(sql`c.id`)} as counts from campaigns c where c.id = ${id}`,
  )
}

const PersonRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  team_name: z.string().nullable(),
  state: z.enum(['changed', 'opened', 'sent', 'queued', 'failed', 'excused']),
  excused: z.enum(allExcuses).nullable(),
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
  return state === 'open' ? sql`p.state in ('sent', 'opened')` : sql`p.state = ${state}`
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
export function everyone(viewer: Actor, id: string): Sql {
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

/** People who were ticked, for whoever ticked them within the last day. */
export async function selectOptionalChoice(
  db: Queryable,
  by: string,
  id: string,
): Promise<string[] | undefined> {
  const row = await maybeOne(
    db,
    z.object({ user_ids: z.array(z.string()) }),
    sql`select user_ids from campaign_choices
        where id = ${id} and chosen_by = ${by} and chosen_at > now() - interval '1 day'`,
  )
  return row?.user_ids
}

export async function insertChoice(tx: Tx, by: string, userIds: string[]): Promise<string> {
  const row = await one(
    tx,
    z.object({ id: z.string() }),
    sql`insert into campaign_choices (chosen_by, user_ids) values (${by}, ${userIds}::uuid[]) returning id`,
  )
  return row.id
}

export async function deleteOldChoices(tx: Tx): Promise<void> {
  await run(tx, sql`delete from campaign_choices where chosen_at < now() - interval '1 day'`)
}
