import { z } from 'zod'
import { many, maybeOne, one, run, sql, type Queryable, type Tx } from '../../platform/db.ts'
import { reasonColumn } from '../../platform/reason.ts'
import { chainFaultTexts, type ChainFault } from '../reason-texts.ts'

const Checked = z.object({
  checked_at: z.date(),
  entries: z.coerce.number(),
  head_seq: z.string(),
  head_hash: z.string().nullable(),
  fault: reasonColumn(chainFaultTexts).nullable(),
})
export type Checked = z.output<typeof Checked>

/** The newest check of the chain. */
export function selectLastCheck(db: Queryable): Promise<Checked | undefined> {
  return maybeOne(
    db,
    Checked,
    sql`select checked_at, entries, head_seq::text, encode(head_hash, 'hex') as head_hash, fault from activity_checks
        order by checked_at desc limit 1`,
  )
}

export async function insertCheck(
  tx: Tx,
  check: { entries: number; head: Head; fault: ChainFault | null },
): Promise<void> {
  const { entries, head, fault } = check
  await run(
    tx,
    sql`insert into activity_checks (entries, head_seq, head_hash, fault)
        values (${entries}, ${head.seq}, decode(${head.hash}, 'hex'), ${fault}::jsonb)`,
  )
}

const Head = z.object({ seq: z.string(), hash: z.string().nullable() })
/** The end of the log, now or at an earlier time. */
export type Head = z.output<typeof Head>

/**
 * An end that a successful check stored and that the log no longer has. Entries older than any retention may be gone.
 */
export function selectLostEnd(db: Queryable, first: string): Promise<Head | undefined> {
  return maybeOne(
    db,
    Head,
    sql`select c.head_seq::text as seq, encode(c.head_hash, 'hex') as hash
        from activity_checks c left join activity_log l on l.seq = c.head_seq
        where c.fault is null and c.head_seq > 0 and l.hash is distinct from c.head_hash
          and (c.head_seq >= ${first} or c.checked_at > now() - interval '13 months')
        order by c.head_seq limit 1`,
  )
}

export function selectHead(db: Queryable): Promise<Head | undefined> {
  return maybeOne(
    db,
    Head,
    sql`select seq::text, encode(hash, 'hex') as hash from activity_log order by activity_log.seq desc limit 1`,
  )
}

const FirstLink = z.object({ seq: z.string(), prev_hash: z.string() })

export function selectFirstLink(db: Queryable) {
  return maybeOne(
    db,
    FirstLink,
    sql`select seq::text, encode(prev_hash, 'hex') as prev_hash from activity_log order by activity_log.seq limit 1`,
  )
}

const Hash = z.object({ hash: z.string() })

export async function selectHashOf(db: Queryable, seq: string): Promise<string | undefined> {
  const row = await maybeOne(
    db,
    Hash,
    sql`select encode(hash, 'hex') as hash from activity_log where seq = ${seq}`,
  )
  return row?.hash
}

const Removal = z.object({ seq: z.string() })

/** Whether an entry records that everything up to this one was removed by retention. */
export async function selectRemovalBefore(db: Queryable, { seq, hash }: Head): Promise<boolean> {
  const row = await maybeOne(
    db,
    Removal,
    sql`select seq::text from activity_log where event = 'automation_run' and details @> ${{
      automation: 'activity_retention',
      through_seq: Number(seq),
      through_hash: hash,
    }}::jsonb`,
  )
  return row !== undefined
}

const BrokenLink = z.object({
  seq: z.string(),
  id: z.string(),
  at: z.date(),
  event: z.string(),
  expected: z.string(),
  whole: z.boolean(),
})
export type BrokenLink = z.output<typeof BrokenLink>

// The same as activity_hash() of the migrations, but with PostgreSQL's own functions: an attacker in the database may
// have replaced activity_hash(), too.
const hashOfLink = sql`pg_catalog.sha256(l.prev_hash || pg_catalog.convert_to(pg_catalog.jsonb_build_array(
  l.seq, l.id, pg_catalog.to_char(l.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), l.event, l.category,
  l.method, l.actor_id, l.actor_name, l.actor_email, l.impersonator_id, l.impersonator_email,
  l.subject_id, l.subject_name, l.subject_email, l.ip, l.user_agent, l.request_id, l.details)::text, 'UTF8'))`

const Link = BrokenLink.extend({ hash: z.string(), good: z.boolean() })

/** The next links after `head`: how many are good, the last good one, and the first broken one. */
export async function selectLinks(db: Queryable, head: Head, limit: number) {
  const rows = await many(
    db,
    Link,
    sql`with links as (
          select seq, id, at, event, hash, hash = ${hashOfLink} as whole,
            lag(seq, 1, ${head.seq}::bigint) over (order by seq) + 1 as expected,
            prev_hash = lag(hash, 1, decode(${head.hash}, 'hex')) over (order by seq) as linked
          from activity_log l where seq > ${head.seq} order by seq limit ${limit}),
        checked as (select *, whole and linked and seq = expected as good from links),
        broken as (select * from checked where not good order by seq limit 1),
        last as (select * from checked where seq < all (select seq from broken) order by seq desc limit 1)
        select seq::text, id, at, event, expected::text, whole, encode(hash, 'hex') as hash, good
        from (select * from last union all select * from broken) ends`,
  )
  const last = rows.find(({ good }) => good)
  return {
    last: last && { seq: last.seq, hash: last.hash },
    good: last ? Number(BigInt(last.seq) - BigInt(head.seq)) : 0,
    broken: rows.find(({ good }) => !good),
  }
}

const Retention = z.object({ months: z.number().nullable() })

export async function selectRetention(db: Queryable): Promise<number | null> {
  const row = await one(db, Retention, sql`select activity_retention_months as months from company`)
  return row.months
}

/** Retention is a column of the company's row, so concurrent changes of the company wait. */
export async function lockRetention(tx: Tx): Promise<void> {
  await run(tx, sql`select from company for update`)
}

export async function updateRetention(tx: Tx, months: number | null): Promise<void> {
  await run(tx, sql`update company set activity_retention_months = ${months}`)
}

const Removed = z.object({ removed: z.coerce.number() })

/** Removes the oldest month if the database finds it due. Returns the number of removed entries. */
export async function removeOldestMonth(db: Queryable): Promise<number> {
  const row = await one(db, Removed, sql`select remove_oldest_activity_month() as removed`)
  return row.removed
}
