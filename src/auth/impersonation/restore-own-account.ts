import type { RequestHandler } from 'express'
import type { Actor, Person } from '../../access/actor.ts'
import { tellAdminWhyEnded } from '../../access/impersonation-end.ts'
import type { Db } from '../../platform/db.ts'
import { giveSecret } from '../../platform/web/csrf.ts'
import { flash } from '../../platform/web/flash.ts'
import { redirectUnsaved } from '../../platform/web/unsaved.ts'
import { leaveImpersonation } from './end-impersonation.ts'
import { regenerateSession } from '../sessions/store/session-store.ts'

/**
 * Returns an admin to their own account at the request that finds their impersonation ended, and the page says why.
 * A page is shown as themselves. A form sent as the other person is dropped, except a sign-out, which is carried
 * out.
 */
export function restoreOwnAccount(db: Db): RequestHandler {
  return async (req, res, next) => {
    const { actor } = req
    if (!actor?.endedImpersonation) return next()
    const { endedImpersonation: ended } = actor
    await leaveImpersonation(db, actor, ended)
    const own: Actor = { ...actor, endedImpersonation: null }
    req.actor = own
    res.locals.actor = own
    if (req.method === 'POST' && req.path === '/sign-out') return next()
    giveSecret(req) // forms from before are not accepted
    await regenerateSession(req)
    const isRead = req.method === 'GET' || req.method === 'HEAD'
    const isReturn = req.method === 'POST' && req.path === '/impersonation/end'
    const why = tellAdminWhyEnded(ended.reason)
    const title = 'You’re back in your own account'
    if (isRead || isReturn) flash(req, title, why)
    else flash(req, title, `${why} Nothing was changed.`, { kind: 'warn' })
    if (isRead) return next()
    if (isReturn) return res.redirect(303, profileOf(ended.as))
    redirectUnsaved(req, res, '/')
  }
}

export const profileOf = ({ id }: Person): string => `/fieldworkers/${id}`
