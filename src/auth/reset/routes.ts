import type { Router, Response } from 'express'
import { anonymousContext } from '../../access/middleware.ts'
import type { Errors } from '../../platform/result.ts'
import { inMinutes } from '../../platform/web/dates.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { parseForm } from '../../platform/web/form.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { checkLink, checkToken } from '../links/check-link.ts'
import { passwordPurposes } from '../links/token.ts'
import { ChoiceForm } from '../passwords/forms.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import { resetPassword } from '../passwords/reset-password.ts'
import { startCookieSession } from '../sessions/session-store.ts'
import type { InvalidLinkPage, StoreLinkInSession } from '../verification/routes.ts'
import { requestPasswordReset } from './request-reset.ts'
import { invalidLinkOf } from './invalid-link-page.ts'
import type { InvalidLinkCookie } from './invalid-link-cookie.ts'
import { withoutLink } from './store-link-in-session.ts'
import { ForgotForm } from './forms.ts'
import type { AccountLimits, NetworkLimits } from './limits.ts'
import { strictRouter } from '../../platform/web/router.ts'

interface Needs {
  services: PasswordServices
  accounts: AccountLimits
  networks: NetworkLimits
  showInvalidLink: InvalidLinkPage
  linkCookie: InvalidLinkCookie
  storeResetLink: StoreLinkInSession
  /** Told of each link that was opened by GET, dead ones too, and of each dead one that was asked to be replaced. */
  opened: (linkId: string) => Promise<void>
  renewed: (linkId: string) => Promise<void>
}

/** Forgot your password?: the same answer for everybody, then a mailed link that sets a new one. */
export function resetRoutes(needs: Needs): Router {
  const router = strictRouter()
  const { services, accounts, networks, showInvalidLink, linkCookie, storeResetLink, opened, renewed } = needs
  const { db } = services

  router.get('/forgot-password', (_req, res) => forgotPage(res, ''))

  router.post('/forgot-password', async (req, res) => {
    const typed = req.body as Record<string, unknown>
    const dead = typed.email === undefined ? await invalidLinkOf(db, linkCookie, req) : undefined
    const form = parseForm(ForgotForm, dead ? { email: dead.email_now } : typed)
    if (!form.ok) return forgotPage(res, typed.email, form.errors)
    const wait = await networks.takeAsk(req.ip)
    if (wait !== null) throw new TooManyRequests(wait)
    const tooSoon = await requestPasswordReset(db, accounts, anonymousContext(req), form.value.email)
    // Nobody is told, but whoever holds a link: they know already that it is an account's.
    if (dead && tooSoon !== null) throw new TooManyRequests(tooSoon, sentAlready(tooSoon))
    if (dead) {
      await renewed(dead.id)
      linkCookie.forget(res)
      delete req.session.askedFor
    } else req.session.askedFor = form.value.email
    res.redirect(303, '/forgot-password/sent')
  })

  router.get('/forgot-password/sent', (req, res) => {
    const email = req.session.askedFor ?? null
    renderPage(res, 'auth/reset/sent', { title: 'Check your email', layout: 'auth', email })
  })

  router.get('/reset-password/:token', async (req, res) => {
    const looked = await checkToken(db, req.params.token, passwordPurposes)
    if (looked.link && req.method === 'GET') await opened(looked.link.id)
    if (!looked.valid) return showInvalidLink(req, res, looked)
    await storeResetLink(req, looked.link.id)
    res.redirect(303, '/reset-password')
  })

  router.get('/reset-password', async (req, res) => {
    const linkId = req.session.resetLink
    if (!linkId) return withoutLink(req, res, '/forgot-password')
    const looked = await checkLink(db, linkId)
    if (!looked.valid) return showInvalidLink(req, res, looked)
    await resetPage(services, res, looked.link.email_at_issue)
  })

  router.post('/reset-password', async (req, res) => {
    const linkId = req.session.resetLink
    if (!linkId) return withoutLink(req, res, '/forgot-password')
    const looked = await checkLink(db, linkId)
    if (!looked.valid) return showInvalidLink(req, res, looked)
    const email = looked.link.email_at_issue
    const often = await networks.takeChoice(linkId)
    if (often !== null) throw new TooManyRequests(often)
    const form = parseForm(ChoiceForm, req.body)
    if (!form.ok) return resetPage(services, res, email, form.errors)
    const reset = await resetPassword(services, anonymousContext(req), linkId, form.value)
    if (reset.dead) return showInvalidLink(req, res, reset.dead)
    if (!reset.result.ok) return resetPage(services, res, email, reset.result.errors)
    if (req.actor?.id === looked.link.user_id)
      await startCookieSession(req) // its session has just ended
    else delete req.session.resetLink
    flash(req, 'Your password is changed', 'All devices are signed out. Sign in with the new one.')
    res.redirect(303, '/sign-in')
  })

  return router
}

const sentAlready = (seconds: number) => ({
  heading: 'A link was sent a short while ago',
  message:
    'Look in the mailbox, and among its spam: the newest mail has the link that works. Nothing was sent now.',
  advice: `Where none has come, ask for another in ${inMinutes(seconds)}.`,
})

function forgotPage(res: Response, email: unknown, errors?: Errors) {
  const locals = { email: typeof email === 'string' ? email : '', errors: errors ?? {} }
  renderPage(
    res,
    'auth/reset/forgot-password',
    { title: 'Forgot your password?', layout: 'auth', ...locals },
    errors ? 422 : 200,
  )
}

async function resetPage(services: PasswordServices, res: Response, email: string, errors?: Errors) {
  const { passwordMinLength: minLength } = await services.loadCompany()
  const locals = { title: 'Choose a new password', layout: 'auth', email, minLength, errors: errors ?? {} }
  renderPage(res, 'auth/passwords/reset-password', locals, errors ? 422 : 200)
}
