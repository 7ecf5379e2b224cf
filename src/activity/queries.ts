import { z } from 'zod'
import type { By } from '../access/actor.ts'
import { many, one, run, sql, type Queryable, type Tx } from '../foundation/db.ts'
import type { Event } from './kinds.ts'

export async function insertEntry(tx: Tx, by: By, category: string, entry: Event): Promise<void> {
  const { actor, ip, userAgent, requestId } = by
  const { event, method = null, subject = null, details = {} } = entry
  await run(
    tx,
    sql`insert into activity_log (event, category, method, actor_id, actor_name, actor_email,
          subject_id, subject_name, subject_email, ip, user_agent, request_id, details)
        values (${event}, ${category}, ${method}, ${actor?.id}, ${actor?.name}, ${actor?.email},
          ${subject?.id}, ${subject?.name}, ${subject?.email}, ${ip}, ${userAgent}, ${requestId}, ${details})`,
  )
}

const Entry = z.object({
  seq: z.string(),
  id: z.string(),
  at: z.date(),
  event: z.string(),
  method: z.string().nullable(),
  actor_id: z.string().nullable(),
  actor_name: z.string().nullable(),
  subject_id: z.string().nullable(),
  subject_name: z.string().nullable(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
})
export type Entry = z.output<typeof Entry>

const columns = sql`seq::text, id, at, event, method, actor_id, actor_name, subject_id, subject_name, ip, user_agent, details`

/** Newest first; `after` is the id of the entry that the page follows. */
export function selectEntries(db: Queryable, after: string | null, limit: number): Promise<Entry[]> {
  const from = after ? sql`where seq < (select seq from activity_log where id = ${after})` : sql``
  return many(
    db,
    Entry,
    sql`select ${columns} from activity_log ${from} order by activity_log.seq desc limit ${limit}`,
  )
}

/** The entry after which the page before this one begins; none when that is the first page. */
export async function selectNewerPage(db: Queryable, first: string, limit: number): Promise<string | null> {
  const rows = await many(
    db,
    z.object({ id: z.string() }),
    sql`select id from activity_log where seq > (select seq from activity_log where id = ${first})
        order by seq offset ${limit} limit 1`,
  )
  return rows[0]?.id ?? null
}

export function selectEntriesAbout(
  db: Queryable,
  userId: string,
  after: string | null,
  limit: number,
): Promise<Entry[]> {
  const from = after ? sql`and seq < (select seq from activity_log where id = ${after})` : sql``
  return many(
    db,
    Entry,
    sql`select ${columns} from activity_log where subject_id = ${userId} ${from}
        order by activity_log.seq desc limit ${limit}`,
  )
}

/** How many entries there are: the chain numbers them without gaps. */
export async function selectEntryCount(db: Queryable): Promise<number> {
  const row = await one(
    db,
    z.object({ count: z.coerce.number() }),
    sql`select coalesce(max(seq), 0) as count from activity_log`,
  )
  return row.count
}
