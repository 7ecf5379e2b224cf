import { randomBytes } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import { log } from '../log.ts'
import { loggablePath } from './request-target.ts'

/** Gives each request a reference, shown on error pages and kept in the log, and logs it when it is answered. */
export const requestLog: RequestHandler = (req, res, next) => {
  req.reference = randomBytes(5).toString('hex').toUpperCase()
  res.set('Cache-Control', 'no-store') // whatever is not a static file is somebody's own
  const began = performance.now()
  res.on('finish', () => {
    if (res.locals.unlogged) return
    log.info({
      reference: req.reference,
      method: req.method,
      path: loggablePath(req),
      status: res.statusCode,
      ms: Math.round(performance.now() - began),
      ip: req.ip,
      ...actorIds(req),
    })
  })
  next()
}

/** The account in whose name a request was made, and who was behind it while they worked as somebody else. */
export const actorIds = ({ actor }: Request) => ({ actor: actor?.id, impersonator: actor?.impersonator?.id })

/** Whether a page asks for itself, to renew a part that moves (public/live.js): nobody may be there to read it. */
export const isLive = (req: Request): boolean => req.method === 'GET' && req.get('X-Live') === '1'
