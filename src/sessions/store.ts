import connectPgSimple from 'connect-pg-simple'
import type { RequestHandler } from 'express'
import session from 'express-session'
import type { Db } from '../foundation/db.ts'
import { log } from '../foundation/log.ts'

const PgStore = connectPgSimple(session)
const halfAnHour = 30 * 60 * 1000

/**
 * The carrier: an opaque cookie and a row of data in PostgreSQL. How long somebody stays signed in stands in the
 * `sessions` table and is asked there; the carrier is written only when its data changes, never by reading a page.
 * Before sign-in it lives for half an hour. (ASVS 7.2.3, 3.3.1)
 */
export function sessionCarrier(db: Db, secrets: string[], https: boolean, sweep: boolean): RequestHandler {
  const store = new PgStore({
    pool: db.preparing(),
    tableName: 'session_data',
    disableTouch: true,
    ttl: 12 * 60 * 60,
    pruneSessionInterval: sweep ? 15 * 60 : false,
    errorLog: (...told: unknown[]) => log.error({ told: String(told[0]) }, 'session store'),
  })
  return session({
    name: sessionCookie(https),
    secret: secrets,
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: https, path: '/', maxAge: halfAnHour },
  })
}

export const sessionCookie = (https: boolean): string => (https ? '__Host-sid' : 'sid')
