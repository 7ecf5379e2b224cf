import { z } from 'zod'
import { Role } from '../../access/actor.ts'
import { Id, many, maybeOne, one, run, sql, type Tx } from '../../platform/db.ts'
import type { SkipReason } from '../skip-reasons.ts'

const Sending = z.object({
  id: z.string(),
  name: z.string(),
  subject: z.string(),
  body: z.string(),
  status: z.string(),
  emails_per_second: z.number(),
  allowed: z.number(),
  held_for: z.number(),
  actor: z.object({ id: z.string(), name: z.string(), email: z.string(), team_id: z.string().nullable() }),
  actor_status: z.string(),
  role: Role,
})
export type Sending = z.output<typeof Sending>

const RunAs = z.object({ run_as: z.string() })

/** Locks a campaign while emails are claimed. Returns the id of the person it runs as. */
export async function lockSending(tx: Tx, id: string): Promise<string | undefined> {
  const row = await maybeOne(tx, RunAs, sql`select run_as from campaigns where id = ${id} for no key update`)
  return row?.run_as
}

/** How many emails of a campaign may be sent now, and the person it runs as, with current role and status. */
export function selectOptionalSending(tx: Tx, id: string): Promise<Sending | undefined> {
  return maybeOne(
    tx,
    Sending,
    sql`select c.id, c.name, c.subject, c.body, c.status, c.emails_per_second,
          (extract(epoch from least(interval '1 second', clock_timestamp() - c.paced_to)) * c.emails_per_second)::float8 as allowed,
          greatest(0, coalesce(extract(epoch from c.held_until - clock_timestamp()), 0))::float8 as held_for,
          to_jsonb(a) as actor, a.status as actor_status, to_jsonb(r) as role
        from campaigns c join users a on a.id = c.run_as join roles r on r.id = a.role_id
        where c.id = ${id}`,
  )
}

const Due = z.object({
  user_id: z.string(),
  email_id: z.string().nullable(),
  link_id: z.string().nullable(),
  tries: z.number(),
})

/** People who are due, without those locked by another worker or by their own change. */
export async function selectDueForUpdate(tx: Tx, campaignId: string, limit: number) {
  return many(
    tx,
    Due,
    sql`select p.user_id, p.email_id, p.link_id, p.tries from campaign_people p join users u on u.id = p.user_id
        where p.campaign_id = ${campaignId} and p.due_at <= clock_timestamp() and p.claimed_by is null
        order by p.due_at, p.user_id limit ${limit} for no key update of p, u skip locked`,
  )
}

const NextDue = z.object({ waiting: z.coerce.number(), seconds: z.number().nullable() })

/** Seconds until the next email is due; null when only claimed emails wait. */
export async function selectNextDue(tx: Tx, campaignId: string) {
  return one(
    tx,
    NextDue,
    sql`select count(*) as waiting, extract(epoch from min(due_at) filter (where claimed_by is null)
          - clock_timestamp())::float8 as seconds
        from campaign_people where campaign_id = ${campaignId} and due_at is not null`,
  )
}

export async function updateSkipped(
  tx: Tx,
  campaignId: string,
  skipped: { id: string; reason: SkipReason }[],
): Promise<void> {
  await run(
    tx,
    sql`update campaign_people p set skip_reason = case when sent_at is null then e.why else skip_reason end, due_at = null
        from unnest(${skipped.map(({ id }) => id)}::uuid[], ${skipped.map(({ reason }) => reason)}::text[]) as e(id, why)
        where p.campaign_id = ${campaignId} and p.user_id = e.id`,
  )
}

interface Claim {
  userId: string
  emailId: string
  linkId: string
}

export async function updateClaimed(
  tx: Tx,
  campaignId: string,
  jobId: string,
  claims: Claim[],
): Promise<void> {
  await run(
    tx,
    sql`update campaign_people p set claimed_by = ${jobId}, tries = p.tries + 1, email_id = n.email, link_id = n.link
        from unnest(${claims.map(({ userId }) => userId)}::uuid[], ${claims.map(({ emailId }) => emailId)}::uuid[],
          ${claims.map(({ linkId }) => linkId)}::uuid[]) as n(id, email, link)
        where p.campaign_id = ${campaignId} and p.user_id = n.id`,
  )
}

export async function updatePaced(tx: Tx, campaignId: string, emails: number): Promise<void> {
  await run(
    tx,
    sql`update campaigns set paced_to = greatest(paced_to, clock_timestamp() - interval '1 second')
          + make_interval(secs => ${emails}::float8 / emails_per_second) where id = ${campaignId}`,
  )
}

/** Makes emails that a job had claimed when it was killed due again. */
export async function releaseClaims(tx: Tx, jobId: string): Promise<void> {
  await run(tx, sql`update campaign_people set claimed_by = null where claimed_by = ${jobId}`)
}

/** Makes emails that a job claimed and did not start to send due again, without counting an attempt. */
export async function releaseUnsent(tx: Tx, jobId: string): Promise<void> {
  await run(
    tx,
    sql`update campaign_people set claimed_by = null, tries = tries - 1 where claimed_by = ${jobId}`,
  )
}

/** Running campaigns without a job, for instance because it failed twelve times. Releases their claims. */
export function claimStalledCampaigns(tx: Tx): Promise<{ id: string }[]> {
  return many(
    tx,
    Id,
    sql`with alone as (
          select id from campaigns c where status = 'running' and not exists (
            select from graphile_worker.jobs where key like 'campaign ' || c.id || ' %' and attempts < max_attempts)),
        freed as (update campaign_people set claimed_by = null where claimed_by is not null and campaign_id in (select id from alone))
        select id from alone`,
  )
}
