import type { Request, RequestHandler } from 'express'
import { randomText } from '../crypto.ts'
import { logAnswer } from '../log.ts'
import { loggablePath } from './request-target.ts'

/** Gives each request a reference, shown on error pages and logged, and logs the request when it is answered. */
export const requestLog: RequestHandler = (req, res, next) => {
  req.reference = randomText(5, 'hex').toUpperCase()
  res.setHeader('Cache-Control', 'no-store') // everything but static files is private
  const startedAt = performance.now()
  res.on('finish', () => {
    if (res.locals.unlogged) return
    logAnswer({
      reference: req.reference,
      method: req.method,
      path: loggablePath(req),
      status: res.statusCode,
      ms: Math.round(performance.now() - startedAt),
      ip: req.ip,
      ...actorIds(req),
    })
  })
  next()
}

/** The ids of the actor and, during impersonation, of the admin behind it. */
export const actorIds = ({ actor }: Request) => ({ actor: actor?.id, impersonator: actor?.impersonator?.id })

/** Whether this is an automatic refresh (public/auto-refresh.js): possibly nobody reads the answer. */
export const isLive = (req: Request): boolean => req.method === 'GET' && req.get('X-Live') === '1'
