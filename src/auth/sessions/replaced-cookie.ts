import type { RequestHandler } from 'express'
import type { Actor } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { actorOfSession } from './load-actor.ts'
import { selectOptionalReplacedCookie } from './queries.ts'

/** What a cookie that was replaced a moment ago is still good for: to end sessions, with the token of its form. */
const endings = /^\/(sign-out|account\/sessions\/(end-others|[\w-]+\/end))$/

/**
 * Another tab may send a sign-out while the cookie of the browser is being replaced. Its session has that cookie no more,
 * and still it must end: the person is told so. Nothing is written to the cookie's data, and no page is shown.
 */
export function mayEndSession(db: Db): RequestHandler {
  return async (req, _res, next) => {
    if (req.actor || req.method !== 'POST' || !endings.test(req.path)) return next()
    const found = await sessionOfReplacedCookie(db, req.cameWithSid)
    if (!found) return next()
    req.actor = found.actor
    req.onlyEnds = true
    if (found.csrfSecret !== null) req.session.csrfSecret = found.csrfSecret
    Object.assign(req, { sessionID: undefined }) // without an id nothing is stored, and no cookie sent
    next()
  }
}

/** Whose session a cookie led to until a moment ago, and the secret of its forms. */
export async function sessionOfReplacedCookie(
  db: Db,
  sid: string | undefined,
): Promise<{ actor: Actor; csrfSecret: string | null } | undefined> {
  const replaced = sid === undefined ? undefined : await selectOptionalReplacedCookie(db, sid)
  const found = replaced && (await actorOfSession(db, replaced.session_id))
  return found && { actor: found.actor, csrfSecret: replaced.csrf_secret }
}
