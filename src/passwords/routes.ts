import type { Router, Request, Response } from 'express'
import { actorOf, by } from '../access/guard.ts'
import type { Errors } from '../foundation/outcome.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { flash } from '../foundation/web/flash.ts'
import { read } from '../foundation/web/form.ts'
import { ownPath } from '../foundation/web/own-path.ts'
import { page } from '../foundation/web/page.ts'
import { renewCarrier } from '../sessions/store.ts'
import { changeOwnPassword } from './change.ts'
import type { PasswordKit } from './kit.ts'
import { ChangeForm, ConfirmPasswordForm } from './forms.ts'
import { provePassword } from './prove.ts'
import { exactRouter } from '../foundation/web/router.ts'

/**
 * Where password managers lead people to change a password (W3C well-known URL). They ask first for a name that cannot
 * be there: what is not there answers 404 to everybody, signed in or not.
 */
export function wellKnownRoutes(): Router {
  const router = exactRouter()
  router.get('/.well-known/change-password', (_req, res) => res.redirect(302, '/account/password'))
  return router.use((req, _res, next) => next(wellKnown.test(req.path) ? new NotFound() : undefined))
}

const wellKnown = /^\/(\.|%2e)well-known(\/|%2f|$)/i

/** One's own password: the only doors that a temporary password opens. */
export function ownPasswordRoutes(kit: PasswordKit): Router {
  const router = exactRouter()

  router.get('/account/password', (req, res) => changePage(kit, req, res))

  router.post('/account/password', async (req, res) => {
    const form = read(ChangeForm, req.body)
    if (!form.ok) return changePage(kit, req, res, form.errors)
    const outcome = await changeOwnPassword(kit, by(req), form.value)
    if (!outcome.ok) return changePage(kit, req, res, outcome.errors)
    await renewCarrier(req)
    flash(req, 'Your password is changed', 'All your other devices are signed out.')
    res.redirect(303, '/account')
  })

  return router
}

async function changePage(kit: PasswordKit, req: Request, res: Response, errors?: Errors) {
  const { passwordMinLength: minLength } = await kit.companyNow()
  const forced = actorOf(req).mustChangePassword
  const title = forced === 'temporary' ? 'Choose your own password' : 'Change my password'
  page(
    res,
    'passwords/change',
    { title, errors: errors ?? {}, forced, minLength, narrow: true },
    errors ? 422 : 200,
  )
}

/** Step-up: the password once more, then back to what it was asked for. */
export function stepUpRoutes(kit: PasswordKit): Router {
  const router = exactRouter()

  router.get('/confirm-password', (req, res) => confirmPage(req, res, req.query.next))

  router.post('/confirm-password', async (req, res) => {
    const form = read(ConfirmPasswordForm, req.body)
    const { next } = req.body as Record<string, unknown>
    if (!form.ok) return confirmPage(req, res, next, form.errors)
    const outcome = await provePassword(kit, by(req), form.value.password)
    if (!outcome.ok) return confirmPage(req, res, next, outcome.errors)
    await renewCarrier(req)
    const lost = interruptedOn(req, form.value.next)
    delete req.session.interrupted
    if (lost) flash(req, ...toldAgain(lost.typed))
    res.redirect(303, ownPath(form.value.next))
  })

  return router
}

/** What was posted from here and not done, because the password was asked for first. */
function interruptedOn({ session: { interrupted } }: Request, next: unknown) {
  return interrupted && ownPath(interrupted.next) === ownPath(next) ? interrupted : undefined
}

const toldAgain = (typed: boolean) =>
  [
    `Nothing was changed. ${typed ? 'Enter it again.' : 'Do it again.'}`,
    'Your password was asked for first, and what you had typed or chosen was not kept.',
    'warn',
  ] as const

function confirmPage(req: Request, res: Response, next: unknown, errors?: Errors) {
  const { passwordAge } = actorOf(req)
  const locals = {
    title: 'Enter your password to go on',
    next: ownPath(next),
    lost: interruptedOn(req, next) !== undefined,
    provenSeconds: Number.isFinite(passwordAge) ? Math.floor(passwordAge) : null,
    errors: errors ?? {},
    narrow: true,
  }
  page(res, 'passwords/confirm-password', locals, errors ? 422 : 200)
}
