import { action } from '../../access/action.ts'
import { asTarget } from '../../access/actor.ts'
import type { Router, Request, Response } from 'express'
import { actorOf, requireRecentPassword } from '../../access/middleware.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import { firstName } from '../../platform/person-names.ts'
import type { Errors } from '../../platform/result.ts'
import { safePath, withReturnTo } from '../../platform/web/safe-redirect.ts'
import { renderPage, timeZoneOf } from '../../platform/web/render-page.ts'
import type { UserRow } from '../../people/queries.ts'
import { findAuthorizedUser } from '../../people/authorize.ts'
import type { SignInStatus } from '../../people/sign-in-status.ts'
import { selectDevices } from '../sessions/devices/queries.ts'
import { setUserPassword, assertHasPassword, type AdminPasswordChanged } from './set-user-password.ts'
import type { PasswordServices } from './password-services.ts'
import { SetUserPasswordForm } from './forms.ts'
import { signInStatusLoader } from './sign-in-status/load-sign-in-status.ts'
import { counted } from '../../platform/counted.ts'
import { strictRouter } from '../../platform/web/router.ts'

declare global {
  interface Views {
    'auth/passwords/set-user-password': {
      person: Pick<UserRow, 'id' | 'name' | 'email' | 'phone' | 'status'> & { verified: boolean }
      signInStatus: SignInStatus
      mustChange: boolean
      endSessions: boolean
      returnTo: string
      deviceCount: number
      temporaryHours: number
      lastingAllowed: boolean
      minLength: number
      baseUrl: string
    }
  }
}

/** An admin changes a user’s password: one route for the list, the profile and the list of users. */
export function adminPasswordRoutes(services: PasswordServices & { baseUrl: string }): Router {
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

  router.post(
    path,
    action({
      permission: { target: 'passwords.change' },
      target: (req) => findTarget(services, req),
      stepUp: 'desk',
      back: ({ req, typed }) => withReturnTo(req.path, typed.returnTo),
      form: SetUserPasswordForm,
      showErrors: ({ res, target, typed }, errors) =>
        changePage(
          services,
          res,
          target,
          {
            mustChange: 'mustChange' in typed,
            endSessions: 'endSessions' in typed,
            returnTo: typed.returnTo,
          },
          errors,
        ),
      run: ({ by, target, form }) => {
        const from = originOf(safePath(form.returnTo, `/fieldworkers/${target.id}`))
        return setUserPassword(services, by, asTarget(target), { ...form, from })
      },
      flash: ({ target, value }) => [
        `Password changed for ${target.name}`,
        successMessage(target, value),
        { temporaryUntil: value.temporaryUntil?.toISOString() },
      ],
      redirect: ({ target, form }) => safePath(form.returnTo, `/fieldworkers/${target.id}`),
    }),
  )
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
  services: PasswordServices & { baseUrl: string },
  res: Response,
  user: UserRow,
  choices: Choices,
  errors?: Errors,
) {
  const [company, devices] = [await services.loadCompany(), await selectDevices(services.db, user.id)]
  const locals = {
    ...choices,
    returnTo: safePath(choices.returnTo, `/fieldworkers/${user.id}`),
    person: {
      ...{ id: user.id, name: user.name, email: user.email, phone: user.phone, status: user.status },
      verified: user.email_verified_at !== null,
    },
    signInStatus: await signInStatusLoader(services)(user, actorOf(res.req), timeZoneOf(res), 'dialog'),
    deviceCount: devices.length,
    temporaryHours: company.temporaryPasswordHours,
    lastingAllowed: company.lastingPasswordsAllowed,
    minLength: company.passwordMinLength,
    baseUrl: services.baseUrl,
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
  { email, temporaryUntil, sessionsEnded }: AdminPasswordChanged,
): string {
  const devices = `${counted(sessionsEnded, 'device')} ${sessionsEnded === 1 ? 'was' : 'were'} signed out`
  const next = temporaryUntil ? `${firstName(name)} must choose another at next sign-in. ` : ''
  return `${next}${sessionsEnded > 0 ? `${devices}, and an` : 'An'} email goes to ${writtenAddress(email)}.`
}
