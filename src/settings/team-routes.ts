import type { Router, Request, Response } from 'express'
import { z } from 'zod'
import { requireCompanyPermission, contextOf, requireRecentPassword } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { NotFound } from '../platform/web/errors.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { TeamForm } from './forms.ts'
import { selectOptionalTeam, selectTeamsCounted, type TeamRow } from './queries.ts'
import { addTeam, renameTeam } from './teams.ts'

const path = '/settings/company/teams'

/** The teams of the company. A person is in at most one. */
export function teamRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('users.manage')

  router.get(path, guard, (req, res) => teamsPage(db, req, res))

  router.post(path, guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(TeamForm, req.body)
    if (!form.ok) return teamsPage(db, req, res, form.errors)
    const added = await addTeam(db, contextOf(req), form.value.name)
    if (!added.ok) return teamsPage(db, req, res, added.errors)
    flash(req, `The team ${form.value.name} is added`, 'Add people to it in their profile or with an import.')
    res.redirect(303, path)
  })

  router.get(`${path}/:id`, guard, async (req, res) => {
    const team = await requestedTeam(db, req)
    if (requireRecentPassword(req, res)) teamPage(req, res, team)
  })

  router.post(`${path}/:id`, guard, async (req, res) => {
    const team = await requestedTeam(db, req)
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(TeamForm, req.body)
    if (!form.ok) return teamPage(req, res, team, form.errors)
    const renamed = await renameTeam(db, contextOf(req), team.id, form.value.name)
    if (!renamed.ok) return teamPage(req, res, team, renamed.errors)
    flash(req, `The team is now called ${form.value.name}`, 'Its members have not changed.')
    res.redirect(303, path)
  })

  return router
}

async function requestedTeam(db: Db, req: Request): Promise<TeamRow> {
  const id = z.uuid().safeParse(req.params.id)
  const team = id.success ? await selectOptionalTeam(db, id.data) : undefined
  if (!team) throw new NotFound()
  return team
}

async function teamsPage(db: Db, req: Request, res: Response, errors?: Errors) {
  const teams = await selectTeamsCounted(db)
  const locals = { teams, name: errors ? typedName(req) : '', errors: errors ?? {} }
  renderPage(res, 'settings/teams', { title: 'Teams', ...locals }, errors ? 422 : 200)
}

function teamPage(req: Request, res: Response, team: TeamRow, errors?: Errors) {
  const locals = { team, name: errors ? typedName(req) : team.name, errors: errors ?? {} }
  renderPage(res, 'settings/team', { title: `Rename ${team.name}`, ...locals }, errors ? 422 : 200)
}

const typedName = (req: Request): unknown => (req.body as Record<string, unknown>).name
