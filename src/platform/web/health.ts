import type { Router } from 'express'
import type { Db } from '../db.ts'
import { isMigrated } from '../migrate.ts'
import { strictRouter } from './router.ts'

/** What keeps the jobs of this server from being done, in words; null when nothing does, or they are done elsewhere. */
export type JobTrouble = () => string | null

/** For whoever watches over us: alive, and ready to serve (database reachable and migrated, jobs fetched). */
export function healthRoutes(db: Db, jobTrouble: JobTrouble): Router {
  const router = strictRouter()
  router.get('/healthz', (_req, res) => {
    res.type('text').send('alive')
  })
  router.get('/readyz', async (_req, res) => {
    const reachable = await isMigrated(db).catch(() => false)
    const trouble = reachable ? jobTrouble() : 'the database is out of reach or not migrated'
    res.status(trouble === null ? 200 : 503).type('text')
    if (trouble !== null) res.set('Retry-After', '5')
    res.send(trouble === null ? 'ready' : `not ready: ${trouble}`)
  })
  return router
}
