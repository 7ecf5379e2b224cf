import { createHash, timingSafeEqual } from 'node:crypto'
import type { Router } from 'express'
import type { Registry } from 'prom-client'
import { strictRouter } from '../platform/web/router.ts'
import { reportMetrics } from './aggregate-metrics.ts'

/** For Prometheus, which sends the token. Without METRICS_TOKEN the page does not exist. */
export function metricsRoutes(token?: string, registry?: Registry): Router {
  const report = registry && reportMetrics(registry)
  const router = strictRouter()
  router.get('/metrics', async (req, res) => {
    res.type('text')
    if (!report) return res.status(404).send('not found: METRICS_TOKEN is not set')
    if (!isSame(req.get('authorization') ?? '', `Bearer ${token}`))
      return res.status(401).set('WWW-Authenticate', 'Bearer').send('send METRICS_TOKEN as a Bearer token')
    res.type('text/plain; version=0.0.4; charset=utf-8').send(await report())
  })
  return router
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected))
