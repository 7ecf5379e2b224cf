import type { Request, Response, Router } from 'express'
import { pipeline } from 'node:stream/promises'
import { actorOf, contextOf, requirePermission, requireRecentPassword } from '../access/middleware.ts'
import { sendExport } from '../activity/export.ts'
import { copyToCsv } from '../platform/copy-to-csv.ts'
import { CrlfTransform } from '../platform/csv.ts'
import type { Db } from '../platform/db.ts'
import { limited, rateLimit } from '../platform/rate-limit.ts'
import { requireDirectDownload, setDownloadHeaders } from '../platform/web/download.ts'
import { strictRouter } from '../platform/web/router.ts'
import { PeopleQuery, resolveLocked, type FindLocked, type PeopleFilter } from './filter.ts'
import { exportQuery } from './list/queries.ts'

/** The lists as CSV files: everyone that the filters match, on all pages, in the same scope. */
export function peopleCsvRoutes({ db, findLocked }: { db: Db; findLocked: FindLocked }): Router {
  const router = strictRouter()
  const limit = rateLimit(db, 'people-export', 30, 60 * 60)

  async function download(req: Request, res: Response, list: string, kind?: PeopleFilter['kind']) {
    if (!requireRecentPassword(req, res)) return
    const actor = actorOf(req)
    const filter = { ...PeopleQuery.parse(req.query), after: undefined }
    const resolved = await resolveLocked(db, { ...filter, kind }, findLocked)
    const people = await limited(limit, actor.id, () =>
      copyToCsv(db, exportQuery(actor, resolved), `export of people by ${actor.id}`),
    )
    setDownloadHeaders(res, `${list}-${new Date().toISOString().slice(0, 10)}`, 'csv')
    const csv = new CrlfTransform()
    await sendExport(db, contextOf(req), res, {
      event: 'list_exported',
      details: { list, filter: { ...filter, sort: undefined } },
      rows: () => Math.max(0, csv.rows - 1),
      write: (out) => pipeline(people, csv, out),
    })
  }

  router.get(
    '/fieldworkers.csv',
    requirePermission('users.view'),
    requireDirectDownload(listPageOf),
    (req, res) => download(req, res, 'fieldworkers', 'fieldworker'),
  )
  router.get(
    '/settings/company/users.csv',
    requirePermission('users.view'),
    requireDirectDownload(listPageOf),
    (req, res) => download(req, res, 'users'),
  )

  return router
}

/** The list's page with the filter of a download. */
const listPageOf = ({ path, originalUrl }: Request): string => {
  const query = originalUrl.indexOf('?')
  return path.replace('.csv', '') + (query < 0 ? '' : originalUrl.slice(query))
}
