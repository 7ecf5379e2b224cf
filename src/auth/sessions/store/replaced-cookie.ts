import type { RequestHandler } from 'express'
import type { Actor, Person, RequestContext } from '../../../access/actor.ts'
import type { Db, Tx } from '../../../platform/db.ts'
import { endOwnSession } from '../end-sessions.ts'
import { actorOfSession } from '../load-actor.ts'
import { insertReplacedCookie, selectOptionalReplacedCookie } from './queries.ts'

/**
 * Requests that a recently replaced cookie is still accepted for, with the token of its form: those that end
 * sessions.
 */
const endingPaths = /^\/(sign-out|account\/sessions\/(end-others|[\w-]+\/end))$/

/**
 * Another tab may send a sign-out while the session cookie of the browser is being replaced. The session must still
 * end, since the page says so. Nothing is written to the session data, and no page is shown.
 */
export function mayEndSession(db: Db): RequestHandler {
  return async (req, _res, next) => {
    if (req.actor || req.method !== 'POST' || !endingPaths.test(req.path)) return next()
    const found = await sessionOfReplacedCookie(db, req.cameWithSid)
    if (!found) return next()
    req.actor = found.actor
    req.onlyEnds = true
    if (found.csrfSecret !== null) req.session.csrfSecret = found.csrfSecret
    Object.assign(req, { sessionID: undefined }) // without an id nothing is stored, and no cookie sent
    next()
  }
}

/** The actor of a session that a recently replaced cookie belonged to, and the secret of its forms. */
export async function sessionOfReplacedCookie(
  db: Db,
  sid: string | undefined,
): Promise<{ actor: Actor; csrfSecret: string | null } | undefined> {
  const replaced = sid === undefined ? undefined : await selectOptionalReplacedCookie(db, sid)
  const found = replaced && (await actorOfSession(db, replaced.session_id))
  return found && { actor: found.actor, csrfSecret: replaced.csrf_secret }
}

/** Ends a session because of another sign-in in the same browser. A sign-out under way there ends the new session. */
export async function replaceOwnSession(
  tx: Tx,
  by: RequestContext<Person>,
  sessionId: string,
  newSessionId: string,
): Promise<void> {
  await insertReplacedCookie(tx, sessionId, newSessionId)
  await endOwnSession(tx, by, sessionId)
}
