import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, allowed, by, provenWithin } from '../access/guard.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { flash } from '../foundation/web/flash.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import { checkFile } from './check.ts'
import {
  selectBadRows,
  selectOptionalImport,
  selectOptionalTeamless,
  selectWarnedRows,
  type ImportRow,
} from './queries.ts'
import { mostRows } from './records.ts'
import { startImport } from './start.ts'

const stepUpMinutes = 30
const badRowsShown = 500
const door = '/fieldworkers/import'
/** Up to what the database counts lines in. */
const LineNumber = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .catch(0)

/** A file of fieldworkers: sent, looked at, and taken in as a whole by a job. */
export function importRoutes({ db }: { db: Db }): Router {
  const router = exactRouter()
  const guard = allowed('users.manage')

  router.get(door, guard, (req, res) => {
    if (provenWithin(stepUpMinutes, req, res)) uploadPage(res)
  })

  router.post(door, guard, async (req, res) => {
    if (!provenWithin(stepUpMinutes, req, res)) return
    const checked = await checkFile(db, by(req), req.upload)
    if (!checked.ok) return uploadPage(res, checked.errors)
    res.redirect(303, `${door}/${checked.value}`)
  })

  router.get(`${door}/:id`, guard, async (req, res) => {
    const wanted = await ownImport(db, req)
    const after = LineNumber.parse(req.query.after)
    await importPage(db, res, wanted, after)
  })

  router.post(`${door}/:id/start`, guard, async (req, res) => {
    const { id } = await ownImport(db, req)
    if (!provenWithin(stepUpMinutes, req, res, `${door}/${id}`)) return
    if (!(await startImport(db, by(req), id)))
      flash(req, 'It is under way already', 'Nothing was started a second time.')
    res.redirect(303, `${door}/${id}`)
  })

  return router
}

function uploadPage(res: Response, errors?: Errors) {
  const locals = { mostRows, errors: errors ?? {} }
  page(res, 'imports/upload', { title: 'Import fieldworkers', narrow: true, ...locals }, errors ? 422 : 200)
}

/** What somebody uploaded is for their eyes alone. */
async function ownImport(db: Db, req: Request): Promise<ImportRow> {
  const id = z.uuid().safeParse(req.params.id)
  const found = id.success ? await selectOptionalImport(db, id.data) : undefined
  if (!found || found.started_by !== actorOf(req).id) throw new NotFound()
  return found
}

async function importPage(db: Db, res: Response, wanted: ImportRow, after: number) {
  const found = await selectBadRows(db, wanted.id, after, badRowsShown + 1)
  const rows = found.slice(0, badRowsShown)
  const last = rows.at(-1)?.line
  page(res, 'imports/import', {
    title: `Import of ${wanted.file_name}`,
    ...{ wanted, rows },
    warned:
      wanted.status === 'checked' && after === 0 ? await selectWarnedRows(db, wanted.id, badRowsShown) : [],
    teamless: wanted.status === 'checked' ? await selectOptionalTeamless(db, wanted.id) : undefined,
    percent: wanted.good > 0 ? Math.floor((100 * wanted.done) / wanted.good) : 0,
    previous: after > 0 ? `${door}/${wanted.id}` : null,
    next: found.length > badRowsShown ? `${door}/${wanted.id}?after=${last}` : null,
  })
}
