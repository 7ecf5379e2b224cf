import type { Router, Request, Response } from 'express'
import { actorOf, contextOf, requireRecentPassword } from '../access/middleware.ts'
import { writtenAddress } from '../platform/email-address.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm } from '../platform/web/form.ts'
import { safePath, withReturnTo } from '../platform/web/safe-redirect.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import type { Invite } from './manage/create-person.ts'
import { RoleForm } from './manage/forms.ts'
import { assignRole, type Assigned } from './manage/assign-role.ts'
import { assignableRolesAndTeams } from './manage/role-and-team.ts'
import { findAuthorizedUser } from './authorize.ts'

const path = '/users/:id/role'

/** Changing a person's role and team, by people who have all permissions of the old and the new role. */
export function userRoleRoutes(deps: { db: Db; invite: Invite }): Router {
  const router = strictRouter()

  router.get(path, async (req, res) => {
    await findAuthorizedUser(deps.db, actorOf(req), 'users.manage', req.params.id)
    if (requireRecentPassword(req, res)) await rolePage(deps.db, req, res, req.query.returnTo)
  })

  router.post(path, async (req, res) => {
    const user = await findAuthorizedUser(deps.db, actorOf(req), 'users.manage', req.params.id)
    const { returnTo } = req.body as Record<string, unknown>
    if (!requireRecentPassword(req, res, withReturnTo(req.path, returnTo))) return
    const form = parseForm(RoleForm, req.body)
    if (!form.ok) return rolePage(deps.db, req, res, returnTo, form.errors)
    const outcome = await assignRole(deps, contextOf(req), user.id, {
      ...form.value,
      emailBefore: user.email,
    })
    if (!outcome.ok) return rolePage(deps.db, req, res, returnTo, outcome.errors)
    flash(req, ...successMessage(outcome.value))
    res.redirect(303, safePath(returnTo, `/fieldworkers/${user.id}`))
  })

  return router
}

async function rolePage(db: Db, req: Request, res: Response, returnTo: unknown, errors?: Errors) {
  const actor = actorOf(req)
  const user = await findAuthorizedUser(db, actor, 'users.manage', req.params.id)
  const typed = (errors ? req.body : {}) as Record<string, unknown>
  const locals = {
    person: { id: user.id, name: user.name, email: user.email, status: user.status, kind: user.role.kind },
    values: { roleId: user.role_id, teamId: user.team_id, ...typed },
    returnTo: safePath(returnTo, `/fieldworkers/${user.id}`),
    ...(await assignableRolesAndTeams(db, actor)),
    errors: errors ?? {},
  }
  renderPage(res, 'people/role', { title: 'Change role', narrow: true, ...locals }, errors ? 422 : 200)
}

function successMessage({ person, role, team, changed }: Assigned): [title: string, text: string] {
  const assignment = `${role}${team ? ` in the team ${team}` : ''}`
  return changed
    ? [
        `${person.name} is now ${assignment}`,
        `It takes effect immediately. An email goes to ${writtenAddress(person.email)}.`,
      ]
    : [`Nothing was changed for ${person.name}`, `They are ${assignment}, as before.`]
}
