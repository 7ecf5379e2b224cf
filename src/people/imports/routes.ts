import { action } from '../../access/action.ts'
import type { Request, Response, Router } from 'express'
import { z } from 'zod'
import { actorOf, requirePermission, requireRecentPassword } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import type { Errors } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { checkbox } from '../../platform/web/form.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { strictRouter } from '../../platform/web/router.ts'
import { previewImport } from './preview.ts'
import {
  selectInvalidRows,
  selectOptionalImport,
  selectOptionalWithoutTeam,
  selectWarnedRows,
  type ImportRow,
  type Row,
} from './queries.ts'
import { shownChanges, type Changes } from './offers/shown-changes.ts'
import { selectTeamOffer, selectUpdateOffer, type Choices } from './offers/queries.ts'
import { maxRows } from './csv-records.ts'
import { describeProblems, describeStop, toWarnedView } from './reason-texts.ts'
import { startImport } from './start-import.ts'

declare global {
  interface Views {
    'people/imports/upload': { mostRows: number }
    'people/imports/import': {
      wanted: ImportRow
      /** Why it stopped. */
      stopped: string | null
      rows: (Row & { problem: string })[]
      warned: { line: number; name: string; warning: string }[]
      teamless: Awaited<ReturnType<typeof selectOptionalWithoutTeam>>
      /** The teams that it may create, if the actor may. */
      teamOffer: Awaited<ReturnType<typeof selectTeamOffer>>
      /** The people that it may update, and a page of what would change. */
      updateOffer: Awaited<ReturnType<typeof selectUpdateOffer>>
      changes: Changes
      ticked: Choices
      percent: number
      previous: string | null
      next: string | null
    }
  }
}

const invalidRowsShown = 500
const teamsShown = 100
const path = '/fieldworkers/import'
/** Up to the maximum of the database column. */
const LineNumber = z.coerce
  .number()
  .int()
  .min(0)
  .max(2 ** 31 - 1)
  .catch(0)

const StartForm = z.object({ teams: checkbox, updates: checkbox })

/** Imports a file of fieldworkers: upload, preview, and a job that imports all valid rows or none. */
export function importRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const guard = requirePermission('users.manage')

  router.get(path, guard, (req, res) => {
    if (requireRecentPassword(req, res)) uploadPage(res)
  })

  router.post(
    path,
    action({
      permission: { any: 'users.manage' },
      target: null,
      stepUp: 'desk',
      form: null,
      showErrors: ({ res }, errors) => uploadPage(res, errors),
      run: ({ req, by }) => previewImport(db, by, req.upload),
      flash: null,
      redirect: ({ value: id }) => `${path}/${id}`,
    }),
  )
  router.get(`${path}/:id`, guard, async (req, res) => {
    const wanted = await ownImport(db, req)
    const after = LineNumber.parse(req.query.after)
    const changesAfter = LineNumber.parse(req.query.changes)
    await importPage(db, req, res, wanted, { after, changesAfter })
  })

  router.post(
    `${path}/:id/start`,
    action({
      permission: { any: 'users.manage' },
      target: (req) => ownImport(db, req),
      stepUp: 'desk',
      back: ({ target }) => `${path}/${target.id}`,
      form: StartForm,
      showErrors: ({ req, res, target }, errors) => importPage(db, req, res, target, { errors }),
      run: ({ by, target, form }) => startImport(db, by, target, form),
      flash: ({ value: started }) =>
        started ? null : ['The import has already started', 'It was not started a second time.'],
      redirect: ({ target }) => `${path}/${target.id}`,
    }),
  )
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

async function importPage(
  db: Db,
  req: Request,
  res: Response,
  wanted: ImportRow,
  { after = 0, changesAfter = 0, errors = {} }: { after?: number; changesAfter?: number; errors?: Errors },
) {
  const isChecked = wanted.status === 'checked'
  const found = await selectInvalidRows(db, wanted.id, after, invalidRowsShown + 1)
  const rows = found.slice(0, invalidRowsShown)
  const last = rows.at(-1)?.line
  const locals = {
    wanted,
    stopped: wanted.stop_reason && describeStop(wanted.stop_reason),
    rows: rows.map((row) => ({ ...row, problem: describeProblems(row.problems ?? [], row) })),
    warned:
      isChecked && after === 0
        ? (await selectWarnedRows(db, wanted.id, invalidRowsShown)).map(toWarnedView)
        : [],
    teamless: isChecked ? await selectOptionalWithoutTeam(db, wanted.id) : undefined,
    teamOffer:
      isChecked && actorOf(req).role.scope === 'company'
        ? await selectTeamOffer(db, wanted.id, teamsShown)
        : null,
    updateOffer: isChecked ? await selectUpdateOffer(db, wanted.id) : null,
    changes: await shownChanges(db, actorOf(req), isChecked ? wanted.id : null, changesAfter),
    ticked: StartForm.parse(req.body ?? {}),
    percent: wanted.good > 0 ? Math.floor((100 * wanted.done) / wanted.good) : 0,
    previous: after > 0 ? `${path}/${wanted.id}` : null,
    next: found.length > invalidRowsShown ? `${path}/${wanted.id}?after=${last}` : null,
    errors,
  }
  const status = errors.offers ? 422 : 200
  renderPage(res, 'people/imports/import', { title: `Import of ${wanted.file_name}`, ...locals }, status)
}
