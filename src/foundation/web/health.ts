import type { Router } from 'express'
import type { Db } from '../db.ts'
import { isMigrated } from '../migrate.ts'
import { exactRouter } from './router.ts'

/** For whoever watches over us: alive, and ready to serve (database reachable and migrated). */
export function healthRoutes(db: Db): Router {
  const router = exactRouter()
  router.get('/healthz', (_req, res) => {
    res.type('text').send('alive')
  })
  router.get('/readyz', async (_req, res) => {
    const ready = await isMigrated(db).catch(() => false)
    res.status(ready ? 200 : 503).type('text')
    if (!ready) res.set('Retry-After', '5')
    res.send(ready ? 'ready' : 'not ready: the database is out of reach or not migrated')
  })
  return router
}
