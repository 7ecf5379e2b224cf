import { z } from 'zod'
import { Id, many, sql, type Queryable, type Sql } from '../../../platform/db.ts'
import { maxFailures } from '../queries.ts'

const SignInFacts = z.object({
  id: z.string(),
  now: z.date(),
  /** Counts of wrong passwords: on browsers that the person used before, and on all others. */
  disabled_on_new: z.boolean(),
  disabled_on_own: z.boolean(),
  disabled_failures: z.number().nullable(),
  locked_on_new: z.boolean(),
  locked_on_own: z.boolean(),
  locked_until: z.date().nullable(),
  locked_failures: z.number().nullable(),
  has_own_browser: z.boolean(),
  /** The newest invitation that was not used or replaced. */
  invited: z.boolean(),
  invitation_expires_at: z.date().nullable(),
  /** The last email to the present address, if it bounced. */
  bounced_at: z.date().nullable(),
  bounce_answer: z.string().nullable(),
  /** Attempts that failed since the last one that succeeded, within a week. */
  failed: z.number(),
  failed_at: z.date().nullable(),
  failed_ip: z.string().nullable(),
  failed_user_agent: z.string().nullable(),
})
export type SignInFacts = z.output<typeof SignInFacts>

/** A row of a count that makes its browsers wait. A disabled password is not waited for. */
const waits: Sql = sql`(failures < ${maxFailures} and open_at > now())`

/** Attempts that are counted at most. */
const maxAttempts = 100

interface Account {
  id: string
  email: string
  /** The key of its wrong passwords. */
  account: Buffer
}

/** Everything outside the rows of people that keeps them from signing in, in one query: for each, six looks into indexes. */
export function selectSignInFacts(db: Queryable, accounts: Account[]): Promise<SignInFacts[]> {
  const failures = sql`
    select coalesce(bool_or(device = '' and off), false) as disabled_on_new,
      coalesce(bool_or(device <> '' and off), false) as disabled_on_own,
      max(failures) filter (where off) as disabled_failures,
      coalesce(bool_or(device = '' and waits), false) as locked_on_new,
      coalesce(bool_or(device <> '' and waits), false) as locked_on_own,
      max(open_at) filter (where waits) as locked_until,
      max(failures - forgiven) filter (where waits) as locked_failures
    from (select *, failures >= ${maxFailures} as off, ${waits} as waits
          from password_failures where account = p.account) f`
  const invitation = sql`
    select expires_at from links
    where user_id = p.id and purpose = 'invite' and used_at is null and superseded_at is null
    order by created_at desc limit 1`
  const lastEmail = sql`
    select created_at, status, server_answer, not_a_bounce from emails
    where user_id = p.id and to_address = p.email and status <> 'queued' order by created_at desc limit 1`
  const attempts = sql`
    select count(*)::int as failed, max(at) as failed_at, (array_agg(ip order by seq desc))[1] as failed_ip,
      (array_agg(user_agent order by seq desc))[1] as failed_user_agent
    from (select seq, at, ip, user_agent from activity_log where subject_id = p.id and event = 'sign_in_failed'
          order by seq desc limit ${maxAttempts}) newest
    where at > (select greatest(now() - interval '7 days', last_sign_in_at, password_changed_at) from users where id = p.id)`
  const column = (name: keyof Account) => accounts.map((of) => of[name])
  return many(
    db,
    SignInFacts,
    sql`select p.id, now() as now, f.*, exists (select from known_devices where user_id = p.id) as has_own_browser,
          i.found is not null as invited, i.expires_at as invitation_expires_at,
          e.created_at as bounced_at, e.server_answer as bounce_answer, a.*
        from unnest(${column('id')}::uuid[], ${column('email')}::text[], ${column('account')}::bytea[]) p (id, email, account)
          cross join lateral (${failures}) f
          left join lateral (select true as found, expires_at from (${invitation}) i) i on true
          left join lateral (select * from (${lastEmail}) e where status = 'failed' and not not_a_bounce) e on true
          cross join lateral (${attempts}) a`.prepared('sign-in status'),
  )
}

const MaybeLocked = z.object({ id: z.string(), email: z.string() })

/**
 * Everybody who could be waiting: a wait is at most an hour long, and begins with an entry about its person. Only at an
 * address that became theirs meanwhile it can have begun before.
 */
export function selectMaybeLocked(db: Queryable) {
  return many(
    db,
    MaybeLocked,
    sql`select id, email from users where id in (
          select subject_id from activity_log
          where event in ('sign_in_throttled', 'user_created', 'user_imported', 'user_updated')
            and seq >= (select seq from activity_log where at >= now() - interval '65 minutes' order by at limit 1))`,
  )
}

/** Those of the people who must wait, on whatever browser. */
export async function selectWaiting(
  db: Queryable,
  people: { id: string; account: Buffer }[],
): Promise<string[]> {
  const rows = await many(
    db,
    Id,
    sql`select id from unnest(${people.map(({ id }) => id)}::uuid[], ${people.map(({ account }) => account)}::bytea[]) p (id, account)
        where exists (select from password_failures f where f.account = p.account and ${waits})`,
  )
  return rows.map(({ id }) => id)
}
