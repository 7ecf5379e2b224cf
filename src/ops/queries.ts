import { z } from 'zod'
import { one, sql, type Queryable } from '../platform/db.ts'

const AppState = z.object({
  jobs_due: z.number(),
  jobs_failed: z.number(),
  emails_queued: z.number(),
  emails_sent: z.number(),
  emails_failed: z.number(),
  log_check_timestamp_seconds: z.number(),
  log_check_faulty: z.number(),
})
export type AppState = z.output<typeof AppState>

/** The jobs, the emails of the last 24 hours, and when the log was last checked and whether a fault was found. */
export function selectState(db: Queryable): Promise<AppState> {
  return one(
    db,
    AppState,
    sql`select j.*, l.*, coalesce(extract(epoch from c.checked_at), 0)::float8 as log_check_timestamp_seconds,
          (c.fault is not null)::int as log_check_faulty
        from (select (count(*) filter (where run_at <= now() and attempts < max_attempts))::int as jobs_due,
            (count(*) filter (where attempts >= max_attempts))::int as jobs_failed from graphile_worker.jobs) j,
          (select (count(*) filter (where status = 'queued'))::int as emails_queued,
            (count(*) filter (where status = 'sent'))::int as emails_sent,
            (count(*) filter (where status = 'failed'))::int as emails_failed
          from emails where created_at > now() - interval '1 day') l
          left join (select checked_at, fault from activity_checks order by checked_at desc limit 1) c on true`,
  )
}
