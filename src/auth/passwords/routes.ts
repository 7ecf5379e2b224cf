import type { Router, Request, Response } from 'express'
import { actorOf, contextOf } from '../../access/middleware.ts'
import type { Errors } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { parseForm } from '../../platform/web/form.ts'
import { safePath } from '../../platform/web/safe-redirect.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { regenerateSession } from '../sessions/store/session-store.ts'
import { changeOwnPassword } from './change-own-password.ts'
import type { PasswordServices } from './password-services.ts'
import { ChangeOwnPasswordForm, ConfirmPasswordForm } from './forms.ts'
import { reauthenticate } from './reauthenticate.ts'
import { strictRouter } from '../../platform/web/router.ts'

/**
 * The address where password managers send people to change a password (W3C well-known URL). They first ask for a
 * name that cannot exist: unknown names answer 404 to everyone, signed in or not.
 */
export function wellKnownRoutes(): Router {
  const router = strictRouter()
  router.get('/.well-known/change-password', (_req, res) => res.redirect(302, '/account/password'))
  return router.use((req, _res, next) => next(wellKnown.test(req.path) ? new NotFound() : undefined))
}

const wellKnown = /^\/(\.|%2e)well-known(\/|%2f|$)/i

/** Changing one’s own password: the only routes that a temporary password opens. */
export function ownPasswordRoutes(services: PasswordServices): Router {
  const router = strictRouter()

  router.get('/account/password', (req, res) => changePage(services, req, res))

  router.post('/account/password', async (req, res) => {
    const form = parseForm(ChangeOwnPasswordForm, req.body)
    if (!form.ok) return changePage(services, req, res, form.errors)
    const result = await changeOwnPassword(services, contextOf(req), form.value)
    if (!result.ok) return changePage(services, req, res, result.errors)
    await regenerateSession(req)
    flash(req, 'Your password is changed', 'All your other devices are signed out.')
    res.redirect(303, '/account')
  })

  return router
}

async function changePage(services: PasswordServices, req: Request, res: Response, errors?: Errors) {
  const { passwordMinLength: minLength } = await services.loadCompany()
  const forced = actorOf(req).mustChangePassword
  const title = forced === 'temporary' ? 'Choose your own password' : 'Change my password'
  renderPage(
    res,
    'auth/passwords/change-own-password',
    { title, errors: errors ?? {}, forced, minLength, narrow: true },
    errors ? 422 : 200,
  )
}

/** Step-up: asks for the password again, then redirects back. */
export function stepUpRoutes(services: PasswordServices): Router {
  const router = strictRouter()

  router.get('/confirm-password', (req, res) => confirmPage(req, res, req.query.next))

  router.post('/confirm-password', async (req, res) => {
    const form = parseForm(ConfirmPasswordForm, req.body)
    const { next } = req.body as Record<string, unknown>
    if (!form.ok) return confirmPage(req, res, next, form.errors)
    const result = await reauthenticate(services, contextOf(req), form.value.password)
    if (!result.ok) return confirmPage(req, res, next, result.errors)
    await regenerateSession(req)
    const lost = interruptedOn(req, form.value.next)
    delete req.session.interrupted
    if (lost) flash(req, ...lostFormFlash(lost.typed))
    res.redirect(303, safePath(form.value.next))
  })

  return router
}

/** The form that was posted but not carried out because the password was asked for first. */
function interruptedOn({ session: { interrupted } }: Request, next: unknown) {
  return interrupted && safePath(interrupted.next) === safePath(next) ? interrupted : undefined
}

const lostFormFlash = (typed: boolean) =>
  [
    `Nothing was changed. ${typed ? 'Enter it again.' : 'Do it again.'}`,
    'Fieldkey asked for your password first, and what you had entered was not kept.',
    'warn',
  ] as const

function confirmPage(req: Request, res: Response, next: unknown, errors?: Errors) {
  const { secondsSinceReauth } = actorOf(req)
  const locals = {
    title: 'Enter your password to go on',
    next: safePath(next),
    lost: interruptedOn(req, next) !== undefined,
    secondsSinceReauth: Number.isFinite(secondsSinceReauth) ? Math.trunc(secondsSinceReauth) : null,
    errors: errors ?? {},
    narrow: true,
  }
  renderPage(res, 'auth/passwords/confirm-password', locals, errors ? 422 : 200)
}
