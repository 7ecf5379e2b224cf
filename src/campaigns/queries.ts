import { linkLifetimes } from '../company/link-lifetimes.ts'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { many, maybeOne, one, run, sql, type Queryable, type Sql, type Tx } from '../platform/db.ts'
import { reasonColumn } from '../platform/reason.ts'
import { allHolds, pauseTexts, type PauseReason } from './reason-texts.ts'

const Counts = z.object({
  changed: z.number(),
  opened: z.number(),
  sent: z.number(),
  queued: z.number(),
  failed: z.number(),
  skipped: z.number(),
})
export type Counts = z.output<typeof Counts>

const countsOf = (campaign: Sql) => sql`(
  select jsonb_build_object('changed', count(*) filter (where state = 'changed'), 'opened', count(*) filter (where state = 'opened'),
    'sent', count(*) filter (where state = 'sent'), 'queued', count(*) filter (where state = 'queued'),
    'failed', count(*) filter (where state = 'failed'), 'skipped', count(*) filter (where state = 'skipped'))
  from campaign_people where campaign_id = ${campaign})`

const Campaign = z.object({
  id: z.string(),
  name: z.string(),
  subject: z.string(),
  status: z.enum(['running', 'paused', 'finished', 'cancelled']),
  status_at: z.date(),
  started_at: z.date(),
  started_by_name: z.string(),
  run_as_name: z.string(),
  pause_reason: reasonColumn(pauseTexts).nullable(),
  held_by: z.enum(allHolds).nullable(),
  /** The words of the mail server. */
  held_answer: z.string().nullable(),
  slowed_answer: z.string().nullable(),
  emails_per_second: z.number(),
  reminders: z.coerce.number(),
  reminded_at: z.date().nullable(),
  /** Seconds until they may be reminded again. */
  remind_wait: z.number(),
  counts: Counts,
})
export type Campaign = z.output<typeof Campaign>

const columns = sql`c.id, c.name, c.subject, c.status, c.status_at, c.started_at, s.name as started_by_name,
  a.name as run_as_name, c.pause_reason, c.held_answer, c.held_by,
  c.slowed_answer, c.emails_per_second, ${countsOf(sql`c.id`)} as counts,
  c.reminded_at, greatest(0, coalesce(ceil(extract(epoch from c.reminded_at + make_interval(secs => ${linkLifetimes.campaign}) - now())), 0))::int as remind_wait,
  (select count(*) from campaign_people p where p.campaign_id = c.id and p.reminder and p.due_at is not null) as reminders`
const tables = sql`campaigns c join users s on s.id = c.started_by join users a on a.id = c.run_as`

/** People with a company-wide role see every campaign; others see the campaigns they started. */
const visibleTo = ({ id, role }: Actor): Sql =>
  role.scope === 'company' ? sql`true` : sql`c.started_by = ${id}`

export function selectCampaigns(db: Queryable, viewer: Actor, limit: number): Promise<Campaign[]> {
  return many(
    db,
    Campaign,
    sql`select ${columns} from ${tables} where ${visibleTo(viewer)} order by c.started_at desc, c.id desc limit ${limit}`,
  )
}

/** The newest ones that still send emails. */
export function selectCampaignsUnderWay(db: Queryable, viewer: Actor, limit: number): Promise<Campaign[]> {
  const underWay = sql`c.status in ('running', 'paused') and ${visibleTo(viewer)}`
  return many(
    db,
    Campaign,
    sql`select ${columns} from ${tables} where ${underWay} order by c.started_at desc, c.id desc limit ${limit}`,
  )
}

/** `fresh`: how many people still open were sent a link recently enough that it may still work. */
const CampaignWithFresh = Campaign.extend({ fresh: z.coerce.number() })
export type CampaignWithFresh = z.output<typeof CampaignWithFresh>

export function selectOptionalCampaign(db: Queryable, viewer: Actor, id: string) {
  return maybeOne(
    db,
    CampaignWithFresh,
    sql`select ${columns}, (select count(*) from campaign_people p where p.campaign_id = c.id and p.state in ('sent', 'opened')
          and p.sent_at > now() - make_interval(secs => ${linkLifetimes.campaign})) as fresh
        from ${tables} where c.id = ${id} and ${visibleTo(viewer)}`,
  )
}

/** Makes concurrent starts, or a start and a finish, wait for each other. */
export async function lockCampaigns(tx: Tx): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('campaigns'))`)
}

export async function lockCampaign(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`select from campaigns where id = ${id} for no key update`)
}

const RunningCampaign = z.object({
  running: z.string().nullable(),
  today: z.coerce.number(),
  wait: z.coerce.number(),
})

/** The running campaign, how many started within a day, and the seconds until the oldest of those is a day old. */
export function selectRunningCampaign(tx: Tx): Promise<z.output<typeof RunningCampaign>> {
  return one(
    tx,
    RunningCampaign,
    sql`select (select name from campaigns where status = 'running') as running, count(*) as today,
          coalesce(ceil(extract(epoch from min(started_at) + interval '1 day' - now())), 0) as wait
        from campaigns where started_at > now() - interval '1 day'`,
  )
}

export interface NewStatus {
  status: Campaign['status']
  /** Why, if nobody paused it. */
  reason?: PauseReason
  /** The person with whose permissions it runs. */
  runAs?: string
}

export async function updateStatus(tx: Tx, id: string, { status, reason, runAs }: NewStatus): Promise<void> {
  await run(
    tx,
    sql`update campaigns set status = ${status}, status_at = now(), pause_reason = ${reason ?? null}::jsonb, holds = 0,
          held_until = null, held_answer = null, held_by = null, run_as = coalesce(${runAs ?? null}::uuid, run_as)
        where id = ${id}`,
  )
}

/** Makes an email due for people who have not chosen a password and have none waiting. Returns how many. */
export async function updateReminded(tx: Tx, id: string): Promise<number> {
  await run(tx, sql`update campaigns set reminded_at = now() where id = ${id}`)
  return run(
    tx,
    sql`update campaign_people set due_at = now(), reminder = true, tries = 0, refused_since = null, email_id = null, link_id = null
        where campaign_id = ${id} and state in ('sent', 'opened', 'failed') and due_at is null`,
  )
}

/** Drops emails that have not left. People who were never sent one are skipped, unless an attempt failed. */
export async function updateCancelled(tx: Tx, id: string): Promise<void> {
  await run(
    tx,
    sql`update campaign_people set skip_reason = case when sent_at is null and failed_at is null then 'cancelled' end, due_at = null
        where campaign_id = ${id} and due_at is not null and claimed_by is null`,
  )
}

const CampaignSummary = z.object({ name: z.string(), counts: Counts })

export function selectCampaignSummary(tx: Tx, id: string) {
  return one(
    tx,
    CampaignSummary,
    sql`select c.name, ${countsOf(sql`c.id`)} as counts from campaigns c where c.id = ${id}`,
  )
}
