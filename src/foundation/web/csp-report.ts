import express, { type Router } from 'express'
import { log } from '../log.ts'
import { exactRouter } from './router.ts'

const types = ['application/csp-report', 'application/reports+json', 'application/json']

/** Where browsers tell of something that the content security policy stopped (ASVS 3.4.7). */
export function cspReportRoutes(): Router {
  const router = exactRouter()
  router.post('/csp-report', express.json({ type: types, limit: '8kb' }), (req, res) => {
    log.warn({ report: JSON.stringify(req.body ?? null).slice(0, 2000) }, 'content security policy violation')
    res.status(204).end()
  })
  return router
}
