import { action } from '../access/action.ts'
import { linkLifetimeText } from '../company/link-lifetimes.ts'
import type { Router, Request, Response } from 'express'
import { hasPermission, type Actor, type Person } from '../access/actor.ts'
import { actorOf, requirePermission, requireRecentPassword } from '../access/middleware.ts'
import { writtenAddress } from '../platform/email-address.ts'
import type { Db } from '../platform/db.ts'
import type { Errors } from '../platform/result.ts'
import { soundPart, typedFields, type Fields } from '../platform/web/form.ts'
import { renderPage } from '../platform/web/render-page.ts'
import { strictRouter } from '../platform/web/router.ts'
import { createPerson, type Invite } from './manage/create-person.ts'
import { NewPersonForm, NewUserForm } from './manage/forms.ts'
import { assignableRolesAndTeams, type Assignable } from './manage/role-and-team.ts'
import { assignmentErrors } from './manage/assignment-errors.ts'
import { emailOwner } from './manage/find-email-owner.ts'

declare global {
  interface Views {
    'people/new': Assignable & {
      anyRole: boolean
      action: string
      back: string
      typed: Fields
      holder: { href: string; label: string } | null
    }
  }
}

const fieldworkers = '/fieldworkers/new'
const users = '/settings/company/users/new'

/** Adding people one by one: fieldworkers, and under Settings people of any role with no more access than one's own. */
export function createRoutes(deps: { db: Db; invite: Invite }): Router {
  const router = strictRouter()

  router.get(fieldworkers, requirePermission('users.manage'), (req, res) => newPage(deps.db, req, res))
  router.post(
    fieldworkers,
    action({
      permission: { any: 'users.manage' },
      target: null,
      stepUp: 'never',
      form: NewPersonForm,
      showErrors: ({ req, res }, errors) => newPage(deps.db, req, res, errors),
      run: ({ by, form }) => createPerson(deps, by, { ...empty, ...form }),
      flash: ({ value }) => invited(value),
      redirect: pageAfter,
    }),
  )
  // A role can give a lot of access, so the password is asked for first.
  router.get(users, requirePermission('users.manage'), async (req, res) => {
    if (requireRecentPassword(req, res)) await newPage(deps.db, req, res)
  })
  router.post(
    users,
    action({
      permission: { any: 'users.manage' },
      target: null,
      stepUp: 'desk',
      form: NewUserForm,
      showErrors: ({ req, res }, errors) => newPage(deps.db, req, res, errors),
      run: ({ by, form }) => createPerson(deps, by, { ...empty, ...form }),
      flash: ({ value }) => invited(value),
      redirect: pageAfter,
    }),
  )
  return router
}

const empty = { phone: null, teamId: null, roleId: null }

const invited = ({ name, email }: Person): [title: string, text: string] => [
  `${name} is invited`,
  `A link to choose a password is on its way to ${writtenAddress(email)}. It works for ${linkLifetimeText('invite')}.`,
]

const pageAfter = ({ req, actor, value }: { req: Request; actor: Actor; value: Person }): string =>
  hasPermission(actor, 'users.view') ? `/fieldworkers/${value.id}` : req.path

/** Shows all errors at once. If an email address is taken, it names the owner to people who may see them. */
async function newPage(db: Db, req: Request, res: Response, formErrors?: Errors) {
  const actor = actorOf(req)
  const anyRole = req.path === users
  const valid = soundPart(anyRole ? NewUserForm : NewPersonForm, formErrors ? req.body : {})
  const errors = formErrors && { ...(await assignmentErrors(db, actor, valid)), ...formErrors }
  const locals = {
    ...(await assignableRolesAndTeams(db, actor)),
    ...{ anyRole, action: req.path, back: anyRole ? '/settings/company/users' : '/fieldworkers' },
    typed: errors ? typedFields(req.body) : {},
    errors: errors ?? {},
    holder: errors?.email && valid.email ? await emailOwner(db, actor, valid.email) : null,
  }
  const title = anyRole ? 'Add user' : 'Add fieldworker'
  renderPage(res, 'people/new', { title, narrow: true, ...locals }, errors ? 422 : 200)
}
