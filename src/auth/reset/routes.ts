import { z } from 'zod'
import type { Router, Response } from 'express'
import { anonymousContext } from '../../access/middleware.ts'
import type { Errors } from '../../platform/result.ts'
import { inMinutes } from '../../platform/web/dates.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { emailAddress, parseForm, typedFields, textOf, type Fields } from '../../platform/web/form.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { checkLink, checkToken } from '../links/check-link.ts'
import { passwordPurposes } from '../links/token.ts'
import { ChoiceForm } from '../passwords/forms.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import { resetPassword } from '../passwords/reset-password.ts'
import { startCookieSession } from '../sessions/store/session-store.ts'
import type { InvalidLinkPage, StoreLinkInSession } from '../verification/routes.ts'
import { requestPasswordReset } from './request-reset.ts'
import type { AskedForCookie } from './asked-for-cookie.ts'
import { invalidLinkOf } from './invalid-link-page.ts'
import type { InvalidLinkCookie } from './invalid-link-cookie.ts'
import { withoutLink } from './store-link-in-session.ts'
import type { RequestLimits, NetworkLimits } from './limits.ts'
import { strictRouter } from '../../platform/web/router.ts'

const ForgotForm = z.object({ email: emailAddress })

declare global {
  interface Views {
    'auth/reset/forgot-password': { email: string }
    'auth/reset/sent': { email: string | null }
    'auth/passwords/reset-password': { email: string; minLength: number }
  }
}

interface Deps {
  services: PasswordServices
  requestLimits: RequestLimits
  networkLimits: NetworkLimits
  showInvalidLink: InvalidLinkPage
  linkCookie: InvalidLinkCookie
  askedFor: AskedForCookie
  storeResetLink: StoreLinkInSession
  /** Called for each link opened by GET, also for invalid ones, and for each invalid one that is replaced. */
  opened: (linkId: string) => Promise<void>
  renewed: (linkId: string) => Promise<void>
}

/** Forgot your password?: the same answer for everyone, then an emailed link that sets a new password. */
export function resetRoutes(deps: Deps): Router {
  const router = strictRouter()
  const {
    services,
    requestLimits,
    networkLimits,
    showInvalidLink,
    linkCookie,
    askedFor,
    storeResetLink,
    opened,
    renewed,
  } = deps
  const { db } = services

  router.get('/forgot-password', (_req, res) => forgotPage(res, ''))

  router.post('/forgot-password', async (req, res) => {
    const typed = typedFields(req.body)
    const invalidLink = typed.email === undefined ? await invalidLinkOf(db, linkCookie, req) : undefined
    const form = parseForm(ForgotForm, invalidLink ? { email: invalidLink.email_now } : typed)
    if (!form.ok) return forgotPage(res, typed.email, form.errors)
    const tooSoon = await requestPasswordReset(db, requestLimits, anonymousContext(req), form.value.email)
    // Only a person with a link is told to wait: they already know that the address has an account.
    if (invalidLink && tooSoon !== null) throw new TooManyRequests(tooSoon, sentAlready(tooSoon))
    if (invalidLink) {
      await renewed(invalidLink.id)
      linkCookie.forget(res)
      askedFor.forget(req, res)
    } else askedFor.keep(res, form.value.email)
    res.redirect(303, '/forgot-password/sent')
  })

  router.get('/forgot-password/sent', (req, res) => {
    const email = askedFor.read(req) ?? null
    renderPage(res, 'auth/reset/sent', { title: 'Check your email', layout: 'auth', email })
  })

  router.get('/reset-password/:token', async (req, res) => {
    const check = await checkToken(db, req.params.token, passwordPurposes)
    if (check.link && req.method === 'GET') await opened(check.link.id)
    if (!check.valid) return showInvalidLink(req, res, check)
    await storeResetLink(req, check.link.id)
    res.redirect(303, '/reset-password')
  })

  router.get('/reset-password', async (req, res) => {
    const linkId = req.session.resetLink
    if (!linkId) return withoutLink(req, res, '/forgot-password')
    const check = await checkLink(db, linkId)
    if (!check.valid) return showInvalidLink(req, res, check)
    await resetPage(services, res, check.link.email_at_issue)
  })

  router.post('/reset-password', async (req, res) => {
    const linkId = req.session.resetLink
    if (!linkId) return withoutLink(req, res, '/forgot-password')
    const check = await checkLink(db, linkId)
    if (!check.valid) return showInvalidLink(req, res, check)
    const email = check.link.email_at_issue
    const wait = await networkLimits.takeChoice(linkId)
    if (wait !== null) throw new TooManyRequests(wait)
    const form = parseForm(ChoiceForm, req.body)
    if (!form.ok) return resetPage(services, res, email, form.errors)
    const reset = await resetPassword(services, anonymousContext(req), linkId, form.value)
    if (reset.invalidLink) return showInvalidLink(req, res, reset.invalidLink)
    if (!reset.result.ok) return resetPage(services, res, email, reset.result.errors)
    if (req.actor?.id === check.link.user_id)
      await startCookieSession(req) // its session has just ended
    else delete req.session.resetLink
    flash(req, 'Your password is changed', 'All devices are signed out. Sign in with your new password.')
    res.redirect(303, '/sign-in')
  })

  return router
}

const sentAlready = (seconds: number) => ({
  heading: 'A link was just sent',
  message:
    'Check the mailbox and its spam folder: the newest email has the link that works. Nothing was sent now.',
  advice: `If nothing arrives, try again in ${inMinutes(seconds)}.`,
})

function forgotPage(res: Response, email: Fields[string], errors?: Errors) {
  const locals = { email: textOf(email), errors: errors ?? {} }
  renderPage(
    res,
    'auth/reset/forgot-password',
    { title: 'Forgot your password?', layout: 'auth', ...locals },
    errors ? 422 : 200,
  )
}

async function resetPage(services: PasswordServices, res: Response, email: string, errors?: Errors) {
  const { passwordMinLength: minLength } = await services.loadCompany()
  const locals = { email, minLength, errors: errors ?? {} }
  renderPage(
    res,
    'auth/passwords/reset-password',
    { title: 'Choose a new password', layout: 'auth', ...locals },
    errors ? 422 : 200,
  )
}
