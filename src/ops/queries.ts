import { z } from 'zod'
import { one, sql, type Queryable } from '../platform/db.ts'

const State = z.object({
  jobs_due: z.number(),
  jobs_failed: z.number(),
  letters_queued: z.number(),
  letters_sent: z.number(),
  letters_failed: z.number(),
  log_checked: z.number(),
  log_faulty: z.number(),
})

/** Jobs as they stand, letters of the last day, and the last check of the log: when, in seconds since 1970, and whether it found a fault. */
export function selectState(db: Queryable): Promise<z.output<typeof State>> {
  return one(
    db,
    State,
    sql`select j.*, l.*, coalesce(extract(epoch from c.checked_at), 0)::float8 as log_checked,
          (c.fault is not null)::int as log_faulty
        from (select (count(*) filter (where run_at <= now() and attempts < max_attempts))::int as jobs_due,
            (count(*) filter (where attempts >= max_attempts))::int as jobs_failed from graphile_worker.jobs) j,
          (select (count(*) filter (where status = 'queued'))::int as letters_queued,
            (count(*) filter (where status = 'sent'))::int as letters_sent,
            (count(*) filter (where status = 'failed'))::int as letters_failed
          from letters where created_at > now() - interval '1 day') l
          left join (select checked_at, fault from activity_checks order by checked_at desc limit 1) c on true`,
  )
}
