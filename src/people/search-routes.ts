import type { Router } from 'express'
import { actorOf, requirePermission } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import { strictRouter } from '../platform/web/router.ts'
import { PeopleQuery } from './filter.ts'
import { selectBestHits, selectHitCount, type Hit } from './search/queries.ts'

const maxHits = 10
/** The link to all hits says how many they are up to here. */
const maxCounted = 100

const SearchQuery = PeopleQuery.pick({ q: true })

export function searchRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()

  // What is shown while somebody types: public/find.js.
  router.get('/people.json', requirePermission('users.view'), async (req, res) => {
    const actor = actorOf(req)
    const { q } = SearchQuery.parse(req.query)
    const [hits, total] = q
      ? await Promise.all([
          selectBestHits(db, actor, q, maxHits),
          selectHitCount(db, actor, q, maxCounted + 1),
        ])
      : [[], 0]
    res.set('x-total-count', total > maxCounted ? `${maxCounted}+` : String(total))
    res.json({ people: hits.map(toHit) })
  })

  return router
}

const toHit = ({ id, name, email, phone, team_name, status }: Hit) => ({
  ...{ id, name, email, phone, status },
  team: team_name,
  href: `/fieldworkers/${id}`,
})
