import type { SessionData } from 'express-session'
import { z } from 'zod'
import { maybeOne, run, sql, type Db, type Queryable, type Sql, type Tx } from '../../../platform/db.ts'
import { ActorRow, asActor, selectActorOf, type FoundActor } from '../queries.ts'

const hashOf = (sid: Sql): Sql => sql`sha256(convert_to(${sid}, 'UTF8'))`

export interface StoredSession {
  sid: string
  data: Pick<SessionData, 'cookie'> & { passport?: { user?: string } }
  expires: Date
}

export interface FoundSession {
  data: SessionData
  /** The person whose session it is. */
  actor: FoundActor | undefined
}

const session = sql`select d.sess, a.*
  from session_data d left join lateral (${selectActorOf(sql`d.session_id`)}) a on true
  where d.sid = ${''} and d.expire >= now()`.lookup('session')

/** Session data, and in the same statement the person whose session it is. */
export async function selectOptionalSession(db: Db, sid: string): Promise<FoundSession | undefined> {
  const { rows } = await db.query(session.with(sid))
  const [row] = rows as { sess: SessionData; session_id: string | null }[]
  if (!row) return undefined
  return { data: row.sess, actor: row.session_id === null ? undefined : asActor(ActorRow.parse(row)) }
}

/**
 * Inserts session data, unless its session has ended meanwhile. The lock makes a concurrent end wait, and then
 * delete this row too.
 */
export async function insertSessionData(db: Queryable, { sid, data, expires }: StoredSession): Promise<void> {
  const sessionId = data.passport?.user ?? null
  await run(
    db,
    sql`with open as (select id from sessions where id = ${sessionId}::uuid and ended_at is null for share)
        insert into session_data (sid, sess, expire) select ${sid}, ${data}, ${expires}
        where ${sessionId}::uuid is null or exists (select from open)`.prepared('new session data'),
  )
}

/** Updates session data if it still exists. Ended session data is never created again. */
export async function updateSessionData(db: Queryable, { sid, data, expires }: StoredSession): Promise<void> {
  await run(
    db,
    sql`update session_data set sess = ${data}, expire = ${expires} where sid = ${sid}`.prepared(
      'session data',
    ),
  )
}

/**
 * Gives session data another id and new contents. Returns whether it still exists. The old id is stored in the same
 * statement, so that a sign-out under way with it still ends the session.
 */
export async function updateSessionDataId(db: Queryable, sid: string, to: StoredSession): Promise<boolean> {
  const { data, expires } = to
  return (
    (await run(
      db,
      sql`with old as (select sid, sess ->> 'csrfSecret' as secret from session_data where sid = ${sid} for update),
            updated as (
              update session_data d set sid = ${to.sid}, sess = ${data}, expire = ${expires} from old
              where d.sid = old.sid returning d.session_id, old.secret),
            recorded as (
              insert into replaced_cookies (sid_hash, session_id, csrf_secret)
              select ${hashOf(sql`${sid}::text`)}, session_id, secret from updated where session_id is not null)
          select from updated`.prepared('session data id'),
    )) > 0
  )
}

/** Records that one session replaces another in a browser, for all cookies that led to the other. */
export async function insertReplacedCookie(
  tx: Tx,
  oldSessionId: string,
  newSessionId: string,
): Promise<void> {
  await run(
    tx,
    sql`update replaced_cookies set session_id = ${newSessionId} where session_id = ${oldSessionId}`,
  )
  await run(
    tx,
    sql`insert into replaced_cookies (sid_hash, session_id, csrf_secret)
        select ${hashOf(sql`sid`)}, ${newSessionId}, sess ->> 'csrfSecret' from session_data where session_id = ${oldSessionId}`,
  )
}

const ReplacedCookie = z.object({ session_id: z.string(), csrf_secret: z.string().nullable() })
export type ReplacedCookie = z.output<typeof ReplacedCookie>

/** The session that a recently replaced cookie belonged to. */
export function selectOptionalReplacedCookie(
  db: Queryable,
  sid: string,
): Promise<ReplacedCookie | undefined> {
  return maybeOne(
    db,
    ReplacedCookie,
    sql`select session_id, csrf_secret from replaced_cookies
        where sid_hash = ${hashOf(sql`${sid}::text`)} and replaced_at > now() - interval '1 minute'`,
  )
}
