import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { teamInScope } from '../../access/queries.ts'
import { UserRow, userColumns, userTables } from '../../people/queries.ts'
import { many, one, run, sql, type Queryable, type Sql, type Tx } from '../../platform/db.ts'

/** Why somebody needs attention, the most urgent first. */
export const attentionKinds = [
  'call_refused',
  'call_failed',
  'locked',
  'expired',
  'temporary',
  'bounced',
  'unverified',
  'invitation',
] as const
export type AttentionKind = (typeof attentionKinds)[number]

const Attention = UserRow.extend({ kind: z.enum(attentionKinds), due: z.date() })
export type Attention = z.output<typeof Attention>

/** Entries and emails that are looked through at most, the newest first. */
const maxLookedAt = 500

/** People in the viewer's scope who need attention, each once, the most urgent kind first, and of each kind at most `perKind`. */
export function selectAttention(db: Queryable, viewer: Actor, timeZone: string, perKind: number) {
  const looks = attentionKinds.map((kind, urgency) => {
    const { due, from } = candidates[kind](timeZone)
    const order = upcoming.includes(kind) ? sql`due, u.id` : sql`due desc, u.id`
    const found = sql`select u.id, ${due} as due ${from} and ${teamInScope(viewer, sql`u.team_id`)} order by ${order} limit ${perKind}`
    return sql`select ${urgency}::int as urgency, ${kind}::text as kind, row_number() over () as place, found.* from (${found}) found`
  })
  const every = looks.reduce((all, next) => sql`${all} union all ${next}`)
  return many(
    db,
    Attention,
    sql`select ${userColumns}, f.kind, f.due
        from (select distinct on (id) * from (${every}) every_kind order by id, urgency) f, ${userTables}
        where u.id = f.id
        order by f.urgency, f.place`,
  )
}

/** What is still to come is shown soonest first, the rest newest first. */
const upcoming: AttentionKind[] = ['temporary', 'invitation']

const newest = (rows: Sql): Sql => sql`(${rows} limit ${maxLookedAt})`
/** The first entry since yesterday: what is older is not looked through. */
const firstEntry = sql`(select seq from activity_log where at > now() - interval '1 day' order by at limit 1)`
const entries = (event: string): Sql =>
  newest(
    sql`select subject_id, at from activity_log
        where event = ${event} and seq >= ${firstEntry} and subject_id is not null order by seq desc`,
  )
/** The people of an event since yesterday, and when it last did: `t`. */
const since = (event: string): Sql => sql`(
  select subject_id, max(at) as at from ${entries(event)} newest where at > now() - interval '1 day' group by subject_id) t
  join users u on u.id = t.subject_id`
const refused = newest(sql`
  select user_id, to_address, created_at from emails where status = 'failed' and not not_a_bounce order by created_at desc, id desc`)
const verifications = newest(sql`
  select user_id, to_address, created_at from emails where template = 'email_verification' order by created_at desc, id desc`)
/** No later email went to that address. */
const isLast = sql`not exists (select from emails later where later.user_id = u.id and later.to_address = u.email
  and later.status <> 'queued' and later.created_at > e.created_at)`

/** For each kind the people `u`, and the time it is about. */
const candidates: Record<AttentionKind, (timeZone: string) => { due: Sql; from: Sql }> = {
  call_refused: () => ({ due: sql`t.at`, from: sql`from ${since('caller_code_refused')} where true` }),
  call_failed: () => ({ due: sql`t.at`, from: sql`from ${since('caller_check_failed')} where true` }),
  // Since yesterday; not signed in, unlocked or given another password since.
  locked: () => ({
    due: sql`t.at`,
    from: sql`from ${since('sign_in_throttled')}
      where t.at > greatest(u.last_sign_in_at, u.password_changed_at, '-infinity') and u.status = 'active'
        and not exists (select from activity_log l where l.subject_id = u.id and l.event = 'sign_in_unlocked' and l.at > t.at)`,
  }),
  // Since yesterday.
  expired: () => ({
    due: sql`t.at`,
    from: sql`from ${since('temporary_password_expired')}
      where u.temporary_password_expired_at is not null and u.status = 'active'`,
  }),
  // Today.
  temporary: (timeZone) => ({
    due: sql`u.temporary_password_expires_at`,
    from: sql`from users u where u.temporary_password_expired_at is null and u.status = 'active'
      and u.temporary_password_expires_at < (date_trunc('day', now() at time zone ${timeZone}) + interval '1 day') at time zone ${timeZone}`,
  }),
  // The last email to the present address, within a week.
  bounced: () => ({
    due: sql`e.created_at`,
    from: sql`from ${refused} e join users u on u.id = e.user_id and u.email = e.to_address
      where e.created_at > now() - interval '7 days' and u.status in ('active', 'invited') and ${isLast}`,
  }),
  // Within a week they were sent a link to verify it, and have not.
  unverified: () => ({
    due: sql`e.created_at`,
    from: sql`from (select user_id, to_address, max(created_at) as created_at from ${verifications} newest group by 1, 2) e
        join users u on u.id = e.user_id and u.email = e.to_address
      where e.created_at > now() - interval '7 days' and u.email_verified_at is null and u.status = 'active'`,
  }),
  // Since yesterday, or within two days.
  invitation: () => ({
    due: sql`l.expires_at`,
    from: sql`from links l join users u on u.id = l.user_id
      where l.purpose = 'invite' and l.used_at is null and l.superseded_at is null
        and l.expires_at between now() - interval '1 day' and now() + interval '2 days' and u.status = 'invited'`,
  }),
}

const FirstSteps = z.object({
  dismissed: z.boolean(),
  name: z.string().nullable(),
  office_phone: z.string().nullable(),
  tested: z.boolean(),
  fieldworkers: z.boolean(),
  owners: z.number(),
})

/** What a new company did so far. Test emails that failed do not count. */
export function selectFirstSteps(db: Queryable) {
  const withRole = (role: Sql) => sql`select from users u join roles r on r.id = u.role_id where ${role}`
  return one(
    db,
    FirstSteps,
    sql`select first_steps_dismissed_at is not null as dismissed, name, office_phone,
          exists (select from emails where template = 'test_email' and status = 'sent') as tested,
          exists (${withRole(sql`r.kind = 'fieldworker'`)}) as fieldworkers,
          (select count(*)::int from (${withRole(sql`r.built_in and r.name = 'Owner' and u.status in ('active', 'invited')`)} limit 2) o) as owners
        from company`,
  )
}

export async function updateFirstStepsDismissed(tx: Tx): Promise<void> {
  await run(tx, sql`update company set first_steps_dismissed_at = coalesce(first_steps_dismissed_at, now())`)
}
