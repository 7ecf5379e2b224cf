import express, { type RequestHandler, type Router } from 'express'
import { network } from '../address.ts'
import { log } from '../log.ts'
import { throttleHere } from '../throttle.ts'
import { exactRouter } from './router.ts'

const types = ['application/csp-report', 'application/reports+json', 'application/json']

/**
 * Where browsers tell of something that the content security policy stopped (ASVS 3.4.7). Anybody can send reports, so
 * few are logged: of one network, and of all. The others are counted, by the metrics and in the next report that is logged.
 */
export function cspReportRoutes(): Router {
  const router = exactRouter()
  const ofAll = throttleHere(100, 60)
  const ofOne = throttleHere(20, 60)
  let leftOut = 0

  const fewEnough: RequestHandler = async (req, res, next) => {
    const wait = (await ofAll('all')) ?? (await ofOne(network(req.ip)))
    if (wait === null) return next()
    leftOut += 1
    res.locals.unlogged = true
    res.status(429).set('Retry-After', String(wait)).end()
  }

  router.post('/csp-report', fewEnough, express.json({ type: types, limit: '8kb' }), (req, res) => {
    const report = JSON.stringify(req.body ?? null).slice(0, 2000)
    log.warn({ report, leftOut }, 'content security policy violation')
    leftOut = 0
    res.status(204).end()
  })
  return router
}
