import type { RequestHandler } from 'express'
import type { Actor, Person } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { giveSecret } from '../../platform/web/csrf.ts'
import { flash } from '../../platform/web/flash.ts'
import { leaveImpersonation } from './end-impersonation.ts'
import { endReasonText } from '../sessions/impersonation/end-reason-text.ts'
import { regenerateSession } from '../sessions/session-store.ts'

/**
 * Whoever may no longer work as somebody else is back in their own account with this very request, and the page says
 * why. A page is shown to them as themself; what was sent as the other is dropped, but for a sign-out, which they meant.
 */
export function restoreOwnAccount(db: Db): RequestHandler {
  return async (req, res, next) => {
    const { actor } = req
    if (!actor?.endedImpersonation) return next()
    const { endedImpersonation: over } = actor
    await leaveImpersonation(db, actor, over)
    const own: Actor = { ...actor, endedImpersonation: null }
    req.actor = own
    res.locals.actor = own
    if (req.method === 'POST' && req.path === '/sign-out') return next()
    giveSecret(req) // no form of before is taken
    await regenerateSession(req)
    flash(req, 'You are back in your own account', endReasonText(over.reason, own.name, over.as.name))
    if (req.method === 'GET' || req.method === 'HEAD') return next()
    res.redirect(303, req.path === '/impersonation/end' ? profileOf(over.as) : '/')
  }
}

export const profileOf = ({ id }: Person): string => `/fieldworkers/${id}`
