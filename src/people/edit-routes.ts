import type { Router, Request, Response } from 'express'
import { actorOf, contextOf, requireRecentPassword } from '../access/middleware.ts'
import { writtenAddress } from '../platform/email-address.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { flash } from '../platform/web/flash.ts'
import { parseForm, soundPart } from '../platform/web/form.ts'
import { safePath, withReturnTo } from '../platform/web/safe-redirect.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { parseVersionToken, detailsOf, versionToken, mergeTyped } from './manage/edit-conflict.ts'
import {
  changedMeanwhile,
  editDetails,
  emailError,
  type Edited,
  type OnEmailChanged,
} from './manage/edit-details.ts'
import { DetailsForm } from './manage/forms.ts'
import { assignableRolesAndTeams } from './manage/role-and-team.ts'
import { assignmentErrors } from './manage/assignment-errors.ts'
import { emailOwner } from './manage/find-email-owner.ts'
import { findAuthorizedUser } from './authorize.ts'

const path = '/users/:id/details'

/** Editing a person's name, email, phone and team. The email gives access to the account, so the password is asked for. */
export function editRoutes(deps: { db: Db; onMoved: OnEmailChanged }): Router {
  const router = strictRouter()

  router.get(path, async (req, res) => {
    await findAuthorizedUser(deps.db, actorOf(req), 'users.manage', req.params.id)
    if (requireRecentPassword(req, res)) await detailsPage(deps.db, req, res, req.query.returnTo)
  })

  router.post(path, async (req, res) => {
    const user = await findAuthorizedUser(deps.db, actorOf(req), 'users.manage', req.params.id)
    const { returnTo } = req.body as Record<string, unknown>
    if (!requireRecentPassword(req, res, withReturnTo(req.path, returnTo))) return
    const form = parseForm(DetailsForm, req.body)
    const outcome = form.ok ? await editDetails(deps, contextOf(req), user.id, form.value) : form
    if (!outcome.ok) return detailsPage(deps.db, req, res, returnTo, outcome.errors)
    flash(req, ...successMessage(outcome.value))
    res.redirect(303, safePath(returnTo, `/fieldworkers/${user.id}`))
  })

  return router
}

async function detailsPage(db: Db, req: Request, res: Response, returnTo: unknown, formErrors?: Errors) {
  const actor = actorOf(req)
  const user = await findAuthorizedUser(db, actor, 'users.manage', req.params.id)
  const valid = soundPart(DetailsForm, formErrors ? req.body : {})
  const errors = formErrors && {
    ...(await assignmentErrors(db, actor, valid, user.id)),
    ...emailError(actor, user, valid.email),
    ...formErrors,
  }
  const stored = detailsOf(user)
  const typed = (errors ? req.body : {}) as Record<string, unknown>
  const isConflict = errors?.form === changedMeanwhile
  const seen = typeof typed.seen === 'string' ? typed.seen : versionToken(stored)
  const filled = parseVersionToken(seen)
  const locals = {
    person: { id: user.id, name: user.name, email: user.email, status: user.status, kind: user.role.kind },
    values: isConflict ? mergeTyped(filled, stored, typed) : { ...stored, ...typed },
    ...(isConflict ? { filled, stored, seen: versionToken(stored) } : { filled: null, stored: null, seen }),
    returnTo: safePath(returnTo, `/fieldworkers/${user.id}`),
    ...(await assignableRolesAndTeams(db, actor)),
    errors: errors ?? {},
    holder: errors?.email && valid.email ? await emailOwner(db, actor, valid.email) : null,
  }
  renderPage(res, 'people/edit', { title: 'Edit details', narrow: true, ...locals }, errors ? 422 : 200)
}

function successMessage({ person, changed }: Edited): [title: string, text: string] {
  const { name, email, status } = person
  if (changed.length === 0) return [`Nothing was changed for ${name}`, 'There were no changes to save.']
  const next = {
    invited: `A new invitation is on its way to ${writtenAddress(email)}. The old address gets a notice.`,
    active: `A link to verify it is on its way to ${writtenAddress(email)}. The old address gets a notice. All devices are signed out.`,
    inactive: 'The old address gets a notice.',
    blocked: 'The old address gets a notice.',
  }
  return [`Details of ${name} saved`, changed.includes('email') ? next[status] : '']
}
