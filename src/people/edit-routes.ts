import { action } from '../access/action.ts'
import type { UserRow } from './queries.ts'
import type { Router, Request, Response } from 'express'
import { actorOf, requireRecentPassword } from '../access/middleware.ts'
import { writtenAddress } from '../platform/email-address.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { soundPart, typedFields } from '../platform/web/form.ts'
import { safePath, withReturnTo } from '../platform/web/safe-redirect.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import {
  parseVersionToken,
  detailsOf,
  versionToken,
  mergeTyped,
  type Details,
  type EditedFields,
} from './manage/edit-conflict.ts'
import {
  changedMeanwhile,
  editDetails,
  emailError,
  type Edited,
  type OnEmailChanged,
} from './manage/edit-details.ts'
import { DetailsForm } from './manage/forms.ts'
import { assignableRolesAndTeams, type Assignable } from './manage/role-and-team.ts'
import { assignmentErrors } from './manage/assignment-errors.ts'
import { emailOwner } from './manage/find-email-owner.ts'
import { findAuthorizedUser, userOfUrl, returnPath } from './authorize.ts'

declare global {
  interface Views {
    'people/edit': Assignable & {
      person: Pick<UserRow, 'id' | 'name' | 'email' | 'status'> & { kind: UserRow['role']['kind'] }
      values: EditedFields
      /** The details that the form was opened with, and those stored now, if someone else has saved meanwhile. */
      filled: Details | null
      stored: Details | null
      seen: string
      returnTo: string
      holder: { href: string; label: string } | null
    }
  }
}

const path = '/users/:id/details'

/** Editing a person's name, email, phone and team. The email gives access to the account, so the password is asked for. */
export function editRoutes(deps: { db: Db; onMoved: OnEmailChanged }): Router {
  const router = strictRouter()

  router.get(path, async (req, res) => {
    await findAuthorizedUser(deps.db, actorOf(req), 'users.manage', req.params.id)
    if (requireRecentPassword(req, res)) await detailsPage(deps.db, req, res, req.query.returnTo)
  })

  router.post(
    path,
    action({
      ...userOfUrl(deps.db, 'users.manage'),
      stepUp: 'desk',
      back: ({ req, typed }) => withReturnTo(req.path, typed.returnTo),
      form: DetailsForm,
      showErrors: ({ req, res, typed }, errors) => detailsPage(deps.db, req, res, typed.returnTo, errors),
      run: ({ by, target, form }) => editDetails(deps, by, target.id, form),
      flash: ({ value }) => successMessage(value),
      redirect: returnPath,
    }),
  )
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
  const typed = errors ? typedFields(req.body) : {}
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
