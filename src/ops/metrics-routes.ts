import { createHash, timingSafeEqual } from 'node:crypto'
import type { Router } from 'express'
import type { Registry } from 'prom-client'
import { strictRouter } from '../platform/web/router.ts'
import { reportMetrics } from './aggregate-metrics.ts'

/** For Prometheus, which shows its token; without one in the settings there is no such page. */
export function metricsRoutes(token?: string, registry?: Registry): Router {
  const tell = registry && reportMetrics(registry)
  const router = strictRouter()
  router.get('/metrics', async (req, res) => {
    res.type('text')
    if (!tell) return res.status(404).send('not there: METRICS_TOKEN is not set')
    if (!isSame(req.get('authorization') ?? '', `Bearer ${token}`))
      return res.status(401).set('WWW-Authenticate', 'Bearer').send('asks for the token of METRICS_TOKEN')
    res.type('text/plain; version=0.0.4; charset=utf-8').send(await tell())
  })
  return router
}

const digest = (words: string): Buffer => createHash('sha256').update(words).digest()
const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted))
