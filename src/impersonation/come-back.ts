import type { RequestHandler } from 'express'
import type { Actor, Person } from '../access/actor.ts'
import type { Db } from '../foundation/db.ts'
import { giveSecret } from '../foundation/web/csrf.ts'
import { flash } from '../foundation/web/flash.ts'
import { leave } from './end.ts'
import { whyBack } from '../sessions/acting/causes.ts'
import { renewCarrier } from '../sessions/store.ts'

/**
 * Whoever may no longer work as somebody else is back in their own account with this very request, and the page says
 * why. A page is shown to them as themself; what was sent as the other is dropped, but for a sign-out, which they meant.
 */
export function comeBack(db: Db): RequestHandler {
  return async (req, res, next) => {
    const { actor } = req
    if (!actor?.over) return next()
    const { over } = actor
    await leave(db, actor, over)
    const own: Actor = { ...actor, over: null }
    req.actor = own
    res.locals.actor = own
    if (req.method === 'POST' && req.path === '/sign-out') return next()
    giveSecret(req) // no form of before is taken
    await renewCarrier(req)
    flash(req, 'You are back in your own account', whyBack(over.why, own.name, over.as.name))
    if (req.method === 'GET' || req.method === 'HEAD') return next()
    res.redirect(303, req.path === '/impersonation/end' ? profileOf(over.as) : '/')
  }
}

export const profileOf = ({ id }: Person): string => `/fieldworkers/${id}`
