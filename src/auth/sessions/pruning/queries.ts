import { run, sql, type Db } from '../../../platform/db.ts'
import { inBatches } from '../../../platform/in-batches.ts'

/** Deletes expired session data, old sessions, and browsers that have not been seen for long. */
export async function pruneSessions(db: Db): Promise<void> {
  await inBatches((most) => deleteExpiredSessionData(db, most))
  await inBatches((most) => deleteReplacedCookies(db, most))
  await inBatches((most) => deleteOldSessions(db, most))
  await inBatches((most) => deleteOldDevices(db, most))
}

function deleteExpiredSessionData(db: Db, most: number): Promise<number> {
  return run(
    db,
    sql`delete from session_data where sid in (select sid from session_data where expire < now() limit ${most})`,
  )
}

/** Replaced cookies are accepted for one minute. */
function deleteReplacedCookies(db: Db, most: number): Promise<number> {
  return run(
    db,
    sql`delete from replaced_cookies where sid_hash in (
          select sid_hash from replaced_cookies where replaced_at < now() - interval '1 minute' limit ${most})`,
  )
}

/**
 * Deletes sessions that ended ninety days ago. It keeps the newest of each person, which says when they were last
 * active: the automation for dormant accounts needs it. It also keeps sessions with an open impersonation.
 */
function deleteOldSessions(db: Db, most: number): Promise<number> {
  return run(
    db,
    sql`delete from sessions where id in (
          select s.id from sessions s
          where coalesce(s.ended_at, s.ends_at) < now() - interval '90 days'
            and exists (select from sessions newer where newer.user_id = s.user_id
              and (newer.last_seen_at, newer.id) > (s.last_seen_at, s.id))
            and not exists (select from impersonations i where i.session_id = s.id and i.ended_at is null)
          limit ${most})`,
  )
}

function deleteOldDevices(db: Db, most: number): Promise<number> {
  return run(
    db,
    sql`delete from known_devices where (user_id, device) in (
          select user_id, device from known_devices where last_seen_at < now() - interval '13 months' limit ${most})`,
  )
}
