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

const list = '/settings/company/teams'

/** The branches and crews of the company, at most one for each person. */
export function teamRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('users.manage')

  router.get(list, guard, (req, res) => teamsPage(db, req, res))

  router.post(list, guard, async (req, res) => {
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(TeamForm, req.body)
    if (!form.ok) return teamsPage(db, req, res, form.errors)
    const outcome = await addTeam(db, contextOf(req), form.value.name)
    if (!outcome.ok) return teamsPage(db, req, res, outcome.errors)
    flash(req, `The team ${form.value.name} is added`, 'Put people in it from their profile or by an import.')
    res.redirect(303, list)
  })

  router.get(`${list}/:id`, guard, async (req, res) => {
    const team = await teamAt(db, req)
    if (requireRecentPassword(req, res)) teamPage(req, res, team)
  })

  router.post(`${list}/:id`, guard, async (req, res) => {
    const team = await teamAt(db, req)
    if (!requireRecentPassword(req, res)) return
    const form = parseForm(TeamForm, req.body)
    if (!form.ok) return teamPage(req, res, team, form.errors)
    const outcome = await renameTeam(db, contextOf(req), team.id, form.value.name)
    if (!outcome.ok) return teamPage(req, res, team, outcome.errors)
    flash(req, `The team is called ${form.value.name} now`, 'Who is in it stays.')
    res.redirect(303, list)
  })

  return router
}

async function teamAt(db: Db, req: Request): Promise<TeamRow> {
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
