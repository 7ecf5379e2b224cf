import { action } from '../../access/action.ts'
import { asTarget } from '../../access/actor.ts'
import type { Router, Request, Response } from 'express'
import { actorOf, requireRecentPassword } from '../../access/middleware.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import { firstName } from '../../platform/person-names.ts'
import { ok, type Errors } from '../../platform/result.ts'
import type { Fields } from '../../platform/web/form.ts'
import { safePath, withReturnTo } from '../../platform/web/safe-redirect.ts'
import { renderPage, timeZoneOf } from '../../platform/web/render-page.ts'
import type { UserRow } from '../../people/queries.ts'
import { findAuthorizedUser } from '../../people/authorize.ts'
import type { SignInStatus } from '../../people/sign-in-status.ts'
import { selectDevices } from '../sessions/devices/queries.ts'
import { checkCallerCode, isUsedUp } from './caller-check/answer-check.ts'
import { callerCheckView, type CallerCheckView } from './caller-check/caller-check-view.ts'
import { statementOf } from './caller-check/forms.ts'
import { codeMinutes } from './caller-check/queries.ts'
import { callerCheckLimits } from './caller-check/limits.ts'
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
      callerCheck: CallerCheckView
    }
  }
}

export type PasswordPageServices = PasswordServices & { baseUrl: string }

/** An admin changes a user’s password: one route for the list, the profile and the list of users. */
export function adminPasswordRoutes(services: PasswordPageServices): Router {
  const router = strictRouter()
  const path = '/users/:id/password'
  const limits = callerCheckLimits(services.db)

  router.get(path, async (req, res) => {
    const user = await findTarget(services, req)
    if (!requireRecentPassword(req, res)) return
    const { returnTo } = req.query
    await changePage(services, res, user, { mustChange: true, endSessions: true, returnTo, typed: {} })
  })

  router.post(
    path,
    action({
      permission: { target: 'passwords.change' },
      target: (req) => findTarget(services, req),
      stepUp: 'desk',
      back: ({ req, typed }) => withReturnTo(req.path, typed.returnTo),
      form: SetUserPasswordForm,
      showErrors: ({ res, target, typed }, errors) => showChangePage(services, res, target, typed, errors),
      run: async ({ by, target, form }) => {
        const typedCode = form.outcome === 'code' && form.code ? form.code : undefined
        // A code that was typed and not sent before Save.
        const checked =
          typedCode === undefined
            ? ok(undefined)
            : await checkCallerCode(services, limits, by, asTarget(target), typedCode)
        if (!checked.ok) return checked
        const from = originOf(safePath(form.returnTo, `/fieldworkers/${target.id}`))
        const caller = statementOf(form)
        return setUserPassword(services, by, asTarget(target), { ...form, from, caller })
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

export async function findTarget({ db }: PasswordServices, req: Request): Promise<UserRow> {
  const user = await findAuthorizedUser(db, actorOf(req), 'passwords.change', req.params.id)
  assertHasPassword(user)
  return user
}

interface Choices {
  mustChange: boolean
  endSessions: boolean
  returnTo: unknown
  typed: Fields
}

/** The form once more, with what is wrong. */
export function showChangePage(
  services: PasswordPageServices,
  res: Response,
  user: UserRow,
  typed: Fields,
  errors: Errors,
) {
  const { returnTo } = typed
  const choices = { mustChange: 'mustChange' in typed, endSessions: 'endSessions' in typed, returnTo, typed }
  if (isUsedUp(errors)) res.set('Retry-After', String(codeMinutes * 60))
  return changePage(services, res, user, choices, errors)
}

async function changePage(
  services: PasswordPageServices,
  res: Response,
  user: UserRow,
  { typed, ...choices }: Choices,
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
    callerCheck: await callerCheckView(services, company, actorOf(res.req), user, devices, typed),
    errors: errors ?? {},
  }
  renderPage(
    res,
    'auth/passwords/set-user-password',
    { title: 'Change password', narrow: true, ...locals },
    errors ? (isUsedUp(errors) ? 429 : 422) : 200,
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
