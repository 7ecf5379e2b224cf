import { action } from '../access/action.ts'
import type { Actor } from '../access/actor.ts'
import type { Router, Request, Response } from 'express'
import { z } from 'zod'
import { requireCompanyPermission, requireRecentPassword, actorOf } from '../access/middleware.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { NotFound } from '../platform/web/errors.ts'
import { typedFields, textOf } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { TeamForm } from './forms.ts'
import { selectOptionalTeam, selectTeamsCounted, type TeamRow } from './queries.ts'
import { addTeam, renameTeam } from './teams.ts'

declare global {
  interface Views {
    'settings/teams': { actor: Actor; teams: TeamRow[]; name: string }
    'settings/team': { team: TeamRow; name: string }
  }
}

const path = '/settings/company/teams'

/** The teams of the company. A person is in at most one. */
export function teamRoutes({ db }: { db: Db }): Router {
  const router = strictRouter()
  const guard = requireCompanyPermission('users.manage')

  router.get(path, guard, (req, res) => teamsPage(db, req, res))

  router.post(
    path,
    action({
      permission: { company: 'users.manage' },
      target: null,
      stepUp: 'desk',
      form: TeamForm,
      showErrors: ({ req, res }, errors) => teamsPage(db, req, res, errors),
      run: ({ by, form }) => addTeam(db, by, form.name),
      flash: ({ form }) => [
        `The team ${form.name} is added`,
        'Add people to it in their profile or with an import.',
      ],
      redirect: path,
    }),
  )
  router.get(`${path}/:id`, guard, async (req, res) => {
    const team = await requestedTeam(db, req)
    if (requireRecentPassword(req, res)) teamPage(req, res, team)
  })

  router.post(
    `${path}/:id`,
    action({
      permission: { company: 'users.manage' },
      target: (req) => requestedTeam(db, req),
      stepUp: 'desk',
      form: TeamForm,
      showErrors: ({ req, res, target }, errors) => teamPage(req, res, target, errors),
      run: ({ by, target, form }) => renameTeam(db, by, target.id, form.name),
      flash: ({ form }) => [`The team is now called ${form.name}`, 'Its members have not changed.'],
      redirect: path,
    }),
  )
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
  const locals = { actor: actorOf(req), teams, name: errors ? typedName(req) : '', errors: errors ?? {} }
  renderPage(res, 'settings/teams', { title: 'Teams', ...locals }, errors ? 422 : 200)
}

function teamPage(req: Request, res: Response, team: TeamRow, errors?: Errors) {
  const locals = { team, name: errors ? typedName(req) : team.name, errors: errors ?? {} }
  renderPage(res, 'settings/team', { title: `Rename ${team.name}`, ...locals }, errors ? 422 : 200)
}

const typedName = (req: Request): string => textOf(typedFields(req.body).name)
