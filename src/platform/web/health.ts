import type { Router } from 'express'
import { troubleTexts, type QueueTrouble } from '../queue-state.ts'
import { strictRouter } from './router.ts'

const texts = { unreachable: 'the database cannot be reached or is not migrated', ...troubleTexts }

/** Why the jobs of this server are not done; null if they are, or if another server does them. */
export type JobTrouble = () => QueueTrouble | null

/** For monitoring: `/healthz` says alive, `/readyz` says ready (database reachable and migrated, jobs fetched). */
export function healthRoutes(isMigrated: () => Promise<boolean>, jobTrouble: JobTrouble): Router {
  const router = strictRouter()
  router.get('/healthz', (_req, res) => {
    res.type('text').send('alive')
  })
  router.get('/readyz', async (_req, res) => {
    const reachable = await isMigrated().catch(() => false)
    const trouble = reachable ? jobTrouble() : 'unreachable'
    res.status(trouble === null ? 200 : 503).type('text')
    if (trouble !== null) res.set('Retry-After', '5')
    res.send(trouble === null ? 'ready' : `not ready: ${texts[trouble]}`)
  })
  return router
}
