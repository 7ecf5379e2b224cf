import { linkLifetimeText } from '../../company/link-lifetimes.ts'
import type { Router, Request, RequestHandler, Response } from 'express'
import { actorOf, contextOf, anonymousContext } from '../../access/middleware.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import type { Errors } from '../../platform/result.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import { parseForm, soundPart } from '../../platform/web/form.ts'
import { withNext, safePath } from '../../platform/web/safe-redirect.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { checkToken, type LinkCheck } from '../links/check-link.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import { reauthorize } from '../sessions/reauthorize.ts'
import { regenerateSession, startCookieSession } from '../sessions/session-store.ts'
import { requestEmailChange, passwordFault } from './request-email-change.ts'
import { confirmable, confirmLink, type Confirmed } from './confirm-link.ts'
import { ConfirmForm, EmailForm, SendForm } from './forms.ts'
import { mailLimits } from './limits.ts'
import { sendVerification } from './send-verification.ts'
import { strictRouter } from '../../platform/web/router.ts'

/** Shows why a mailed link is dead, and offers another. */
export type InvalidLinkPage = (
  req: Request,
  res: Response,
  looked: LinkCheck & { valid: false },
) => Promise<void>

const gated = ['/account/password', '/m/password']

/** Puts a link that was opened or confirmed into the browser of who did it. */
export type StoreLinkInSession = (req: Request, linkId: string) => Promise<void>

/** Before either change of password an unverified address is verified; the way there is on the page. */
export const requireVerifiedEmail: RequestHandler = (req, res, next) => {
  if (actorOf(req).emailVerified || !gated.includes(req.path)) return next()
  stepPage(req, res, req.path, req.method === 'GET' ? 200 : 403)
}

function stepPage(req: Request, res: Response, next: string, status = 200) {
  const { email } = actorOf(req)
  const sent = req.session.verificationSent === email
  renderPage(
    res,
    'auth/verification/step',
    { title: 'Verify your email first', email, next, sent, narrow: true },
    status,
  )
}

/** Where a mailed link is opened and its button pressed, by whoever holds it. */
export function confirmRoutes(
  { db }: PasswordServices,
  showInvalidLink: InvalidLinkPage,
  storeResetLink: StoreLinkInSession,
  opened: (linkId: string) => Promise<void>,
): Router {
  const router = strictRouter()

  router.get('/verify-email/:token', async (req, res) => {
    const { token } = req.params
    const looked = await checkToken(db, token, confirmable)
    if (looked.link && req.method === 'GET') await opened(looked.link.id)
    if (!looked.valid) return showInvalidLink(req, res, looked)
    const { purpose: kind, email_at_issue, new_email } = looked.link
    const email = kind === 'email_change' ? new_email : email_at_issue
    renderPage(res, 'auth/verification/confirm', { title: titles[kind], layout: 'auth', token, email, kind })
  })

  router.post('/verify-email', async (req, res) => {
    const form = parseForm(ConfirmForm, req.body)
    if (!form.ok) return showInvalidLink(req, res, { valid: false, link: undefined, why: 'unknown' })
    const confirmation = await confirmLink(db, anonymousContext(req), form.value.token)
    if (confirmation.dead) return showInvalidLink(req, res, confirmation.dead)
    const { userId, leadsTo, resetLinkId, told } = confirmation.confirmed
    if (resetLinkId) await storeResetLink(req, resetLinkId)
    else if (leadsTo === null && req.actor?.id === userId) await startCookieSession(req) // its session has just ended
    flash(req, told.title, told.text)
    res.redirect(303, resetLinkId ? '/reset-password' : whereNext(req, confirmation.confirmed))
  })

  return router
}

/** On where it leads for who is signed in as its owner; for anyone else by way of the sign-in page. */
function whereNext(req: Request, { userId, leadsTo }: Confirmed): string {
  if (leadsTo === null) return '/sign-in'
  return req.actor?.id === userId ? leadsTo : withNext('/sign-in', leadsTo)
}

const titles: Record<string, string> = {
  verify: 'Confirm your email',
  email_change: 'Confirm your new email',
  not_me: 'Was this not you?',
}

/** Having one's own address verified: open to a temporary password too, since it comes before the change. */
export function verificationRoutes({ db }: PasswordServices): Router {
  const router = strictRouter()
  const limits = mailLimits(db)

  router.post('/account/email-verification', async (req, res) => {
    const form = parseForm(SendForm, req.body)
    const next = safePath(form.ok ? form.value.next : undefined, '/account')
    const actor = actorOf(req)
    if (actor.emailVerified) return res.redirect(303, next)
    const wait = await limits.take(actor.id, req.ip ?? null)
    if (wait !== null) throw new TooManyRequests(wait)
    await db.transaction(async (tx) => {
      const now = await reauthorize(tx, contextOf(req))
      await sendVerification(tx, now, now.actor, next)
    })
    req.session.verificationSent = actor.email
    flash(
      req,
      'A link is on its way',
      `Open the mail to ${writtenAddress(actor.email)} and press Confirm. The link works once, for ${linkLifetimeText('verify')}.`,
    )
    res.redirect(303, next)
  })

  return router
}

/** Changing one's own address. */
export function emailRoutes(services: PasswordServices): Router {
  const router = strictRouter()
  const limits = mailLimits(services.db)

  router.get('/account/email', (req, res) => emailPage(req, res))

  router.post('/account/email', async (req, res) => {
    const form = parseForm(EmailForm, req.body)
    if (!form.ok) {
      const { password } = soundPart(EmailForm, req.body)
      return emailPage(req, res, {
        ...(await passwordFault(services, contextOf(req), password)),
        ...form.errors,
      })
    }
    const result = await requestEmailChange(services, limits, contextOf(req), form.value)
    if (!result.ok) return emailPage(req, res, result.errors)
    await regenerateSession(req)
    flash(
      req,
      'Check the mail of your new address',
      `Press the button in the mail to ${writtenAddress(form.value.email)}. Until then nothing changes.`,
    )
    res.redirect(303, '/account')
  })

  return router
}

function emailPage(req: Request, res: Response, errors?: Errors) {
  const { email, emailVerified: verified } = actorOf(req)
  const typed = (req.body as { email?: unknown } | undefined)?.email
  const locals = {
    person: { email, verified },
    typed: typeof typed === 'string' ? typed : '',
    errors: errors ?? {},
  }
  renderPage(
    res,
    'auth/verification/email',
    { title: 'Change email', narrow: true, ...locals },
    errors ? 422 : 200,
  )
}
