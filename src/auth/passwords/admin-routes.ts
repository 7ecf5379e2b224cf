import { asTarget } from '../../access/actor.ts'
import type { Router, Request, Response } from 'express'
import { actorOf, contextOf, requireRecentPassword } from '../../access/middleware.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import { firstName } from '../../platform/person-names.ts'
import type { Errors } from '../../platform/result.ts'
import { flash } from '../../platform/web/flash.ts'
import { parseForm } from '../../platform/web/form.ts'
import { safePath, withReturnTo } from '../../platform/web/safe-redirect.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import type { UserRow } from '../../people/queries.ts'
import { findAuthorizedUser } from '../../people/authorize.ts'
import { selectDevices } from '../sessions/devices/queries.ts'
import { setUserPassword, assertHasPassword, type AdminPasswordChanged } from './set-user-password.ts'
import type { PasswordServices } from './password-services.ts'
import { SetUserPasswordForm } from './forms.ts'
import { counted } from '../../platform/counted.ts'
import { strictRouter } from '../../platform/web/router.ts'

/** An admin changes a user’s password: one route for the list, the profile and the list of users. */
export function adminPasswordRoutes(services: PasswordServices): Router {
  const router = strictRouter()
  const path = '/users/:id/password'

  router.get(path, async (req, res) => {
    const user = await findTarget(services, req)
    if (!requireRecentPassword(req, res)) return
    await changePage(services, res, user, {
      mustChange: true,
      endSessions: true,
      returnTo: req.query.returnTo,
    })
  })

  router.post(path, async (req, res) => {
    const user = await findTarget(services, req)
    const typed = req.body as Record<string, unknown>
    if (!requireRecentPassword(req, res, withReturnTo(req.path, typed.returnTo))) return
    const choices = {
      mustChange: 'mustChange' in typed,
      endSessions: 'endSessions' in typed,
      returnTo: typed.returnTo,
    }
    const form = parseForm(SetUserPasswordForm, typed)
    if (!form.ok) return changePage(services, res, user, choices, form.errors)
    const returnTo = safePath(form.value.returnTo, `/fieldworkers/${user.id}`)
    const change = { ...form.value, from: originOf(returnTo) }
    const result = await setUserPassword(services, contextOf(req), asTarget(user), change)
    if (!result.ok) return changePage(services, res, user, choices, result.errors)
    flash(req, `Password changed for ${user.name}`, successMessage(user, result.value))
    res.redirect(303, returnTo)
  })

  return router
}

async function findTarget({ db }: PasswordServices, req: Request): Promise<UserRow> {
  const user = await findAuthorizedUser(db, actorOf(req), 'passwords.change', req.params.id)
  assertHasPassword(user)
  return user
}

interface Choices {
  mustChange: boolean
  endSessions: boolean
  returnTo: unknown
}

async function changePage(
  services: PasswordServices,
  res: Response,
  user: UserRow,
  choices: Choices,
  errors?: Errors,
) {
  const [company, devices] = [await services.loadCompany(), await selectDevices(services.db, user.id)]
  const locals = {
    ...choices,
    returnTo: safePath(choices.returnTo, `/fieldworkers/${user.id}`),
    person: { id: user.id, name: user.name, email: user.email, status: user.status },
    deviceCount: devices.length,
    temporaryHours: company.temporaryPasswordHours,
    lastingAllowed: company.lastingPasswordsAllowed,
    minLength: company.passwordMinLength,
    errors: errors ?? {},
  }
  renderPage(
    res,
    'auth/passwords/set-user-password',
    { title: 'Change password', narrow: true, ...locals },
    errors ? 422 : 200,
  )
}

/** Where in the app it was done, for the log: the list, the profile or the list of users. */
function originOf(returnTo: string): string {
  if (returnTo.startsWith('/fieldworkers/')) return 'profile'
  return returnTo.startsWith('/settings/') ? 'users' : 'fieldworkers'
}

function successMessage(
  { name }: UserRow,
  { email, temporary, sessionsEnded }: AdminPasswordChanged,
): string {
  const devices = `${counted(sessionsEnded, 'device')} ${sessionsEnded === 1 ? 'was' : 'were'} signed out`
  const next = temporary ? `${firstName(name)} must choose another at next sign-in. ` : ''
  return `${next}${sessionsEnded > 0 ? `${devices}, and an` : 'An'} email goes to ${writtenAddress(email)}.`
}
