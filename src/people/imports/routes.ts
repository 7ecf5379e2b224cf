import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, requirePermission, contextOf, requireRecentPassword } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { previewImport } from './preview.ts'
import {
  selectInvalidRows,
  selectOptionalImport,
  selectOptionalWithoutTeam,
  selectWarnedRows,
  type ImportRow,
} from './queries.ts'
import { maxRows } from './csv-records.ts'
import { describeProblems, describeStop, toWarnedView } from './reason-texts.ts'
import { startImport } from './start-import.ts'

const invalidRowsShown = 500
const path = '/fieldworkers/import'
/** Up to the maximum of the database column. */
const LineNumber = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .catch(0)

/** Imports a file of fieldworkers: upload, preview, and a job that imports all valid rows or none. */
export function importRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const guard = requirePermission('users.manage')

  router.get(path, guard, (req, res) => {
    if (requireRecentPassword(req, res)) uploadPage(res)
  })

  router.post(path, guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    const checked = await previewImport(db, contextOf(req), req.upload)
    if (!checked.ok) return uploadPage(res, checked.errors)
    res.redirect(303, `${path}/${checked.value}`)
  })

  router.get(`${path}/:id`, guard, async (req, res) => {
    const wanted = await ownImport(db, req)
    const after = LineNumber.parse(req.query.after)
    await importPage(db, res, wanted, after)
  })

  router.post(`${path}/:id/start`, guard, async (req, res) => {
    const { id } = await ownImport(db, req)
    if (!requireRecentPassword(req, res, `${path}/${id}`)) return
    if (!(await startImport(db, contextOf(req), id)))
      flash(req, 'The import has already started', 'It was not started a second time.')
    res.redirect(303, `${path}/${id}`)
  })

  return router
}

function uploadPage(res: Response, errors?: Errors) {
  const locals = { mostRows: maxRows, errors: errors ?? {} }
  renderPage(
    res,
    'people/imports/upload',
    { title: 'Import fieldworkers', narrow: true, ...locals },
    errors ? 422 : 200,
  )
}

/** Only the person who uploaded a file may see its import. */
async function ownImport(db: Db, req: Request): Promise<ImportRow> {
  const id = z.uuid().safeParse(req.params.id)
  const found = id.success ? await selectOptionalImport(db, id.data) : undefined
  if (!found || found.started_by !== actorOf(req).id) throw new NotFound()
  return found
}

async function importPage(db: Db, res: Response, wanted: ImportRow, after: number) {
  const found = await selectInvalidRows(db, wanted.id, after, invalidRowsShown + 1)
  const rows = found.slice(0, invalidRowsShown)
  const last = rows.at(-1)?.line
  renderPage(res, 'people/imports/import', {
    title: `Import of ${wanted.file_name}`,
    wanted,
    stopped: wanted.stop_reason && describeStop(wanted.stop_reason),
    rows: rows.map((row) => ({ ...row, problem: describeProblems(row.problems ?? [], row) })),
    warned:
      wanted.status === 'checked' && after === 0
        ? (await selectWarnedRows(db, wanted.id, invalidRowsShown)).map(toWarnedView)
        : [],
    teamless: wanted.status === 'checked' ? await selectOptionalWithoutTeam(db, wanted.id) : undefined,
    percent: wanted.good > 0 ? Math.floor((100 * wanted.done) / wanted.good) : 0,
    previous: after > 0 ? `${path}/${wanted.id}` : null,
    next: found.length > invalidRowsShown ? `${path}/${wanted.id}?after=${last}` : null,
  })
}
