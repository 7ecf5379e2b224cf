import type { Router, Request, Response } from 'express'
import { actorOf, by, provenWithin } from '../access/guard.ts'
import { writtenAddress } from '../foundation/email-address.ts'
import type { Db } from '../foundation/db.ts'
import type { Errors } from '../foundation/outcome.ts'
import { flash } from '../foundation/web/flash.ts'
import { read } from '../foundation/web/form.ts'
import { ownPath, returning } from '../foundation/web/own-path.ts'
import { page } from '../foundation/web/page.ts'
import { exactRouter } from '../foundation/web/router.ts'
import type { Invite } from './manage/create.ts'
import { RoleForm } from './manage/forms.ts'
import { giveRole, type Given } from './manage/give-role.ts'
import { placesFor } from './manage/place.ts'
import { reachable } from './reach.ts'

const stepUpMinutes = 30
const address = '/users/:id/role'

/** The role of somebody, and the team it reaches, changed by who holds all of both. */
export function userRoleRoutes(needs: { db: Db; invite: Invite }): Router {
  const router = exactRouter()

  router.get(address, async (req, res) => {
    await reachable(needs.db, actorOf(req), 'users.manage', req.params.id)
    if (provenWithin(stepUpMinutes, req, res)) await rolePage(needs.db, req, res, req.query.returnTo)
  })

  router.post(address, async (req, res) => {
    const user = await reachable(needs.db, actorOf(req), 'users.manage', req.params.id)
    const { returnTo } = req.body as Record<string, unknown>
    if (!provenWithin(stepUpMinutes, req, res, returning(req.path, returnTo))) return
    const form = read(RoleForm, req.body)
    if (!form.ok) return rolePage(needs.db, req, res, returnTo, form.errors)
    const outcome = await giveRole(needs, by(req), user.id, { ...form.value, emailBefore: user.email })
    if (!outcome.ok) return rolePage(needs.db, req, res, returnTo, outcome.errors)
    flash(req, ...whatFollows(outcome.value))
    res.redirect(303, ownPath(returnTo, `/fieldworkers/${user.id}`))
  })

  return router
}

async function rolePage(db: Db, req: Request, res: Response, returnTo: unknown, errors?: Errors) {
  const actor = actorOf(req)
  const user = await reachable(db, actor, 'users.manage', req.params.id)
  const typed = (errors ? req.body : {}) as Record<string, unknown>
  const locals = {
    person: { id: user.id, name: user.name, email: user.email, status: user.status, kind: user.role.kind },
    values: { roleId: user.role_id, teamId: user.team_id, ...typed },
    returnTo: ownPath(returnTo, `/fieldworkers/${user.id}`),
    ...(await placesFor(db, actor)),
    errors: errors ?? {},
  }
  page(res, 'people/role', { title: 'Change role', narrow: true, ...locals }, errors ? 422 : 200)
}

function whatFollows({ person, role, team, changed }: Given): [title: string, text: string] {
  const is = `${role}${team ? ` in the team ${team}` : ''}`
  return changed
    ? [
        `${person.name} is now ${is}`,
        `It holds from now on. An email goes to ${writtenAddress(person.email)}.`,
      ]
    : [`Nothing was changed for ${person.name}`, `They are ${is}, as before.`]
}
