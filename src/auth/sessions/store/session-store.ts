import connectPgSimple from 'connect-pg-simple'
import type { Request, RequestHandler } from 'express'
import session, { type SessionData } from 'express-session'
import type { Db } from '../../../platform/db.ts'
import { randomText } from '../../../platform/crypto.ts'
import { log } from '../../../platform/log.ts'
import { cookieName } from '../../../platform/web/cookies.ts'
import type { FoundActor } from '../queries.ts'
import {
  insertSessionData,
  selectOptionalSession,
  updateSessionData,
  updateSessionDataId,
  type StoredSession,
} from './queries.ts'

const PgStore = connectPgSimple(session)
const halfAnHourMs = 30 * 60 * 1000
const halfADayMs = 12 * 60 * 60 * 1000

/**
 * connect-pg-simple writes with an upsert, so a request in flight would restore session data that has ended. This
 * store inserts session data once, by the request that made its id, and only updates it from then on.
 */
class FinalStore extends PgStore {
  /** Provided by express-session: puts a new id and an empty session on a request. */
  declare generate: (req: Request) => void
  readonly #db: Db
  readonly #inserted = new WeakSet<object>()
  readonly #actors = new WeakMap<object, FoundActor | undefined>()

  constructor(db: Db) {
    super({
      pool: db.preparedPool(),
      tableName: 'session_data',
      disableTouch: true,
      pruneSessionInterval: false, // the worker does, in batches
      errorLog: (...args: unknown[]) => log.error({ error: String(args[0]) }, 'session store'),
    })
    this.#db = db
  }

  /** Reads the person of the session with its data. */
  override get(sid: string, done: (error: unknown, data?: SessionData | null) => void): void {
    const found = selectOptionalSession(this.#db, sid).then((session) => {
      if (session) this.#actors.set(session.data, session.actor)
      return session?.data ?? null
    })
    found.then((data) => done(null, data), done)
  }

  /** Session data that was read from the table must not be inserted again. */
  override createSession(req: Request, data: SessionData) {
    req.sessionActor = this.#actors.get(data)
    const read = super.createSession(req, data)
    this.#inserted.add(read)
    return read
  }

  override set(sid: string, data: SessionData, done: (error?: unknown) => void = () => {}): void {
    const sessionData = sessionDataOf(sid, data)
    const isNew = !this.#inserted.has(data)
    this.#inserted.add(data)
    const written = isNew
      ? insertSessionData(this.#db, sessionData)
      : updateSessionData(this.#db, sessionData)
    written.then(() => done(), done)
  }

  /**
   * Gives session data a new id in one step and keeps its contents. If it ended or got another id meanwhile there
   * is nothing to renew: a request without an id stores nothing and sets no cookie.
   */
  async renew(req: Request): Promise<void> {
    const { sessionID: old, session: before } = req
    this.generate(req)
    const { sessionID: sid, session: renewed } = req
    const { cookie } = renewed
    Object.assign(renewed, before, { cookie })
    cookie.expires = before.cookie.expires ?? null
    this.#inserted.add(renewed)
    Object.assign(req, { sessionID: undefined })
    if (await updateSessionDataId(this.#db, old, sessionDataOf(sid, renewed))) req.sessionID = sid
  }
}

const sessionDataOf = (sid: string, data: StoredSession['data']): StoredSession => ({
  sid,
  data,
  expires: data.cookie.expires ?? new Date(Date.now() + halfADayMs),
})

/**
 * Gives the session a new cookie id for the rest of its lifetime. The old id is no longer valid: see
 * replaced-cookie.ts.
 */
export const regenerateSession = (req: Request): Promise<void> =>
  (req.sessionStore as unknown as FinalStore).renew(req)

/** Replaces the session data of the request with an empty one under a new id. */
export function startCookieSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error?: unknown) => (error ? reject(error as Error) : resolve()))
  })
}

/**
 * The session cookie: an opaque id, with its data in PostgreSQL. The `sessions` table says how long a person stays
 * signed in. Session data is written only when it changes, never by reading a page. Before sign-in it lasts for
 * half an hour. (ASVS 7.2.3, 3.3.1)
 */
export function sessionMiddleware(db: Db, secrets: string[], https: boolean): RequestHandler {
  return session({
    name: sessionCookie(https),
    secret: secrets,
    store: new FinalStore(db),
    genid: newId,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: https, path: '/', maxAge: halfAnHourMs },
  })
}

/** A new session id. express-session also calls this when the cookie’s id has no data: it may have been replaced. */
function newId(req: Request): string {
  req.cameWithSid ??= req.sessionID
  return randomText(24, 'base64url')
}

export const sessionCookie = (https: boolean): string => cookieName('sid', https)
