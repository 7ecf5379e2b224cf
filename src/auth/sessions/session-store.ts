import { randomBytes } from 'node:crypto'
import connectPgSimple from 'connect-pg-simple'
import type { Request, RequestHandler } from 'express'
import session, { type SessionData } from 'express-session'
import type { Db } from '../../platform/db.ts'
import { log } from '../../platform/log.ts'
import { cookieName } from '../../platform/web/cookies.ts'
import { insertSessionData, updateSessionData, updateSessionDataId, type StoredSession } from './queries.ts'

const PgStore = connectPgSimple(session)
const halfAnHour = 30 * 60 * 1000
const halfADay = 12 * 60 * 60

/**
 * connect-pg-simple writes by an upsert, so a request in flight would bring back a carrier that was ended meanwhile.
 * Here a carrier is inserted once, by the request that made its id, and only updated from then on.
 */
class FinalStore extends PgStore {
  /** Given by express-session: puts a new id and an empty session on a request. */
  declare generate: (req: Request) => void
  readonly #db: Db
  readonly #inserted = new WeakSet<object>()

  constructor(db: Db) {
    super({
      pool: db.preparedPool(),
      tableName: 'session_data',
      disableTouch: true,
      pruneSessionInterval: false, // the worker does, in batches
      errorLog: (...told: unknown[]) => log.error({ told: String(told[0]) }, 'session store'),
    })
    this.#db = db
  }

  /** What was read from the table is in it already, or was. */
  override createSession(req: Request, data: SessionData) {
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
   * Gives a carrier a new id in one step, with all it holds. If it was ended or got another id meanwhile there is
   * nothing to renew: a request without an id writes and sends no carrier at all.
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
  ...{ sid, data },
  expires: data.cookie.expires ?? new Date(Date.now() + halfADay * 1000),
})

/** The same session under a new carrier id, for as long as before; the old id opens nothing from then on (see replaced.ts). */
export const regenerateSession = (req: Request): Promise<void> =>
  (req.sessionStore as unknown as FinalStore).renew(req)

/** An empty carrier under a new id, in place of the one that the browser came with. */
export function startCookieSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.regenerate((error?: unknown) => (error ? reject(error as Error) : resolve()))
  })
}

/**
 * The carrier: an opaque cookie and a row of data in PostgreSQL. How long somebody stays signed in stands in the
 * `sessions` table and is asked there; the carrier is written only when its data changes, never by reading a page.
 * Before sign-in it lives for half an hour. (ASVS 7.2.3, 3.3.1)
 */
export function sessionMiddleware(db: Db, secrets: string[], https: boolean): RequestHandler {
  return session({
    name: sessionCookie(https),
    secret: secrets,
    store: new FinalStore(db),
    genid: newId,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: https, path: '/', maxAge: halfAnHour },
  })
}

/** express-session asks for it, too, where the id of the cookie leads to no data: it may have been replaced. */
function newId(req: Request): string {
  req.cameWithSid ??= req.sessionID
  return randomBytes(24).toString('base64url')
}

export const sessionCookie = (https: boolean): string => cookieName('sid', https)
