import { action } from '../../access/action.ts'
import type { Actor } from '../../access/actor.ts'
import type { Router, Request, Response } from 'express'
import { actorOf, contextOf } from '../../access/middleware.ts'
import type { Errors } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { parseForm, typedFields } from '../../platform/web/form.ts'
import { safePath, withNext } from '../../platform/web/safe-redirect.ts'
import { carriedUnsaved, flashUnsaved, peekUnsaved, takeUnsaved } from '../../platform/web/unsaved.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { regenerateSession } from '../sessions/store/session-store.ts'
import { changeOwnPassword } from './change-own-password.ts'
import type { PasswordServices } from './password-services.ts'
import { ChangeOwnPasswordForm, ConfirmPasswordForm } from './forms.ts'
import { reauthenticate, sessionEndedText } from './reauthenticate.ts'
import { strictRouter } from '../../platform/web/router.ts'

declare global {
  interface Views {
    'auth/passwords/change-own-password': {
      actor: Actor
      forced: Actor['mustChangePassword']
      minLength: number
    }
    'auth/passwords/confirm-password': {
      actor: Actor
      next: string
      sessionEnded: boolean
      /** Whether a form was interrupted, so that it has to be filled in again. */
      lost: boolean
      secondsSinceReauth: number | null
    }
  }
}

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

  router.post(
    '/account/password',
    action({
      permission: 'own account',
      target: null,
      stepUp: 'never',
      form: ChangeOwnPasswordForm,
      showErrors: ({ req, res }, errors) => changePage(services, req, res, errors),
      run: async ({ req, by, form }) => {
        const result = await changeOwnPassword(services, by, form)
        if (result.ok) await regenerateSession(req)
        return result
      },
      flash: ({ req }) => ['Your password is changed', passwordChangedText(req)],
      redirect: '/account',
    }),
  )
  return router
}

async function changePage(services: PasswordServices, req: Request, res: Response, errors?: Errors) {
  const { passwordMinLength: minLength } = await services.loadCompany()
  const actor = actorOf(req)
  const forced = actor.mustChangePassword
  const title = forced === 'temporary' ? 'Choose your own password' : 'Change my password'
  renderPage(
    res,
    'auth/passwords/change-own-password',
    { title, actor, errors: errors ?? {}, forced, minLength, narrow: true, unsavedText: choosePasswordFirst },
    errors ? 422 : 200,
  )
}

/** After a form that had to wait for the change, it also says that this form was not carried out. */
export const passwordChangedText = (req: Request): string =>
  `All your other devices are signed out.${carriedUnsaved(req) ? ' Nothing else was changed: what you did before, do again.' : ''}`

/** What a form that was not carried out is told on the page that changes the password. */
export const choosePasswordFirst = {
  text: 'Choose your new password first, then do it again: what you had typed or chosen was not kept.',
}

/** Step-up: asks for the password again, then redirects back. */
export function stepUpRoutes(services: PasswordServices): Router {
  const router = strictRouter()

  router.get('/confirm-password', (req, res) => confirmPage(req, res, req.query.next))

  router.post('/confirm-password', async (req, res) => {
    const form = parseForm(ConfirmPasswordForm, req.body)
    const { next } = typedFields(req.body)
    if (!form.ok) return confirmPage(req, res, next, form.errors)
    const result = await reauthenticate(services, contextOf(req), form.value.password)
    if (!result.ok) return confirmPage(req, res, next, result.errors)
    await regenerateSession(req)
    const to = safePath(form.value.next)
    flashUnsaved(req, to, takeUnsaved(req, stepUpPage(to)), 'Fieldkey asked for your password first')
    res.redirect(303, to)
  })

  return router
}

/** The address of the step-up page, which names the page that it leads to. */
const stepUpPage = (next: string) => withNext('/confirm-password', next)

function confirmPage(req: Request, res: Response, next: unknown, errors?: Errors) {
  const actor = actorOf(req)
  const { secondsSinceReauth } = actor
  const locals = {
    actor,
    title: 'Enter your password to go on',
    next: safePath(next),
    sessionEnded: errors?.password === sessionEndedText,
    lost: peekUnsaved(req, stepUpPage(safePath(next))) !== undefined,
    secondsSinceReauth: Number.isFinite(secondsSinceReauth) ? Math.trunc(secondsSinceReauth) : null,
    errors: errors ?? {},
    narrow: true,
    unsavedText: null, // said above the fields
  }
  renderPage(res, 'auth/passwords/confirm-password', locals, errors ? 422 : 200)
}
