import { action } from '../access/action.ts'
import type { UserRow } from './queries.ts'
import type { Router, Request, Response } from 'express'
import { actorOf, requireRecentPassword } from '../access/middleware.ts'
import { writtenAddress } from '../platform/email-address.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { typedFields, type Fields } from '../platform/web/form.ts'
import { safePath, withReturnTo } from '../platform/web/safe-redirect.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import type { Invite } from './manage/create-person.ts'
import { RoleForm } from './manage/forms.ts'
import { assignRole, type Assigned } from './manage/assign-role.ts'
import { assignableRolesAndTeams, type Assignable } from './manage/role-and-team.ts'
import { findAuthorizedUser, userOfUrl, returnPath } from './authorize.ts'

declare global {
  interface Views {
    'people/role': Assignable & {
      person: Pick<UserRow, 'id' | 'name' | 'email' | 'status'> & { kind: UserRow['role']['kind'] }
      values: Record<'roleId' | 'teamId', Fields[string] | null>
      returnTo: string
    }
  }
}

const path = '/users/:id/role'

/** Changing a person's role and team, by people who have all permissions of the old and the new role. */
export function userRoleRoutes(deps: { db: Db; invite: Invite }): Router {
  const router = strictRouter()

  router.get(path, async (req, res) => {
    await findAuthorizedUser(deps.db, actorOf(req), 'users.manage', req.params.id)
    if (requireRecentPassword(req, res)) await rolePage(deps.db, req, res, req.query.returnTo)
  })

  router.post(
    path,
    action({
      ...userOfUrl(deps.db, 'users.manage'),
      stepUp: 'desk',
      back: ({ req, typed }) => withReturnTo(req.path, typed.returnTo),
      form: RoleForm,
      showErrors: ({ req, res, typed }, errors) => rolePage(deps.db, req, res, typed.returnTo, errors),
      run: ({ by, target, form }) => assignRole(deps, by, target.id, { ...form, emailBefore: target.email }),
      flash: ({ value }) => successMessage(value),
      redirect: returnPath,
    }),
  )
  return router
}

async function rolePage(db: Db, req: Request, res: Response, returnTo: unknown, errors?: Errors) {
  const actor = actorOf(req)
  const user = await findAuthorizedUser(db, actor, 'users.manage', req.params.id)
  const typed = errors ? typedFields(req.body) : {}
  const locals = {
    person: { id: user.id, name: user.name, email: user.email, status: user.status, kind: user.role.kind },
    values: { roleId: typed.roleId ?? user.role_id, teamId: typed.teamId ?? user.team_id },
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
