import type { Request, Response, Router } from 'express'
import { pipeline } from 'node:stream/promises'
import { actorOf, requirePermission, requireRecentPassword } from '../access/middleware.ts'
import { copyToCsv } from '../platform/copy-to-csv.ts'
import { CrlfTransform } from '../platform/csv.ts'
import type { Db } from '../platform/db.ts'
import { log } from '../platform/log.ts'
import { limited, rateLimit } from '../platform/rate-limit.ts'
import { strictRouter } from '../platform/web/router.ts'
import { PeopleQuery, type PeopleFilter } from './filter.ts'
import { exportQuery } from './list/queries.ts'

/** The lists as CSV files: everyone that the filters match, on all pages, in the same scope. */
export function peopleCsvRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const limit = rateLimit(db, 'people-export', 30, 60 * 60)

  async function download(req: Request, res: Response, name: string, kind?: PeopleFilter['kind']) {
    if (req.method === 'HEAD') return res.status(405).set('Allow', 'GET').end()
    if (!requireRecentPassword(req, res)) return
    const actor = actorOf(req)
    const filter = { ...PeopleQuery.parse(req.query), after: undefined, kind }
    const rows = await limited(limit, actor.id, () =>
      copyToCsv(db, exportQuery(actor, filter), `export of people by ${actor.id}`),
    )
    res.set({
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="${name}-${new Date().toISOString().slice(0, 10)}.csv"`,
      'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    })
    const ends = new CrlfTransform()
    const context = { actor: actor.id, reference: req.reference, list: name }
    const sent = pipeline(rows, ends, res).then(
      () => log.info({ ...context, rows: ends.rows - 1 }, 'people exported'),
      (error: Error) => log.warn({ ...context, err: error }, 'an export was interrupted'),
    )
    await db.trackUntilClose(sent)
  }

  router.get('/fieldworkers.csv', requirePermission('users.view'), (req, res) =>
    download(req, res, 'fieldworkers', 'fieldworker'),
  )
  router.get('/settings/company/users.csv', requirePermission('users.view'), (req, res) =>
    download(req, res, 'users'),
  )

  return router
}
