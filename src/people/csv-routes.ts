import type { Request, Response, Router } from 'express'
import { pipeline } from 'node:stream/promises'
import { actorOf, allowed, provenWithin } from '../access/guard.ts'
import { copyOut } from '../foundation/copy.ts'
import { RowEnds } from '../foundation/csv.ts'
import type { Db } from '../foundation/db.ts'
import { log } from '../foundation/log.ts'
import { limited, throttle } from '../foundation/throttle.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { PeopleQuery, type PeopleFilter } from './filter.ts'
import { everyMatch } from './list/queries.ts'

const stepUpMinutes = 30

/** The lists as files: exactly whom their filters show, all pages of them, within the same reach. */
export function peopleCsvRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()
  const limit = throttle(db, 'people-export', 30, 60 * 60)

  async function download(req: Request, res: Response, name: string, kind?: PeopleFilter['kind']) {
    if (req.method === 'HEAD') return res.status(405).set('Allow', 'GET').end()
    if (!provenWithin(stepUpMinutes, req, res)) return
    const actor = actorOf(req)
    const filter = { ...PeopleQuery.parse(req.query), after: undefined, kind }
    const rows = await limited(limit, actor.id, () =>
      copyOut(db, everyMatch(actor, filter), `export of people by ${actor.id}`),
    )
    res.set({
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="${name}-${new Date().toISOString().slice(0, 10)}.csv"`,
      'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    })
    const ends = new RowEnds()
    const told = { actor: actor.id, reference: req.reference, list: name }
    const sent = pipeline(rows, ends, res).then(
      () => log.info({ ...told, rows: ends.rows - 1 }, 'people exported'),
      (error: Error) => log.warn({ ...told, err: error }, 'an export broke off'),
    )
    await db.hearOut(sent)
  }

  router.get('/fieldworkers.csv', allowed('users.view'), (req, res) =>
    download(req, res, 'fieldworkers', 'fieldworker'),
  )
  router.get('/settings/company/users.csv', allowed('users.view'), (req, res) => download(req, res, 'users'))

  return router
}
