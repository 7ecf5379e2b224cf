import { z } from 'zod'
import { action } from '../../access/action.ts'
import type { Actor } from '../../access/actor.ts'
import { linkLifetimeText, type Purpose } from '../../company/link-lifetimes.ts'
import type { Router, Request, RequestHandler, Response } from 'express'
import { actorOf, contextOf, anonymousContext } from '../../access/middleware.ts'
import { writtenAddress } from '../../platform/email-address.ts'
import type { Errors } from '../../platform/result.ts'
import { TooManyRequests } from '../../platform/web/errors.ts'
import { flash } from '../../platform/web/flash.ts'
import {
  emailAddress,
  parseForm,
  passwordField,
  returnPath,
  soundPart,
  textField,
  typedFields,
  textOf,
} from '../../platform/web/form.ts'
import { withNext, safePath } from '../../platform/web/safe-redirect.ts'
import { showUnsaved } from '../../platform/web/unsaved.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { checkToken, type LinkCheck } from '../links/check-link.ts'
import type { PasswordServices } from '../passwords/password-services.ts'
import { reauthorize } from '../sessions/reauthorize.ts'
import { regenerateSession, startCookieSession } from '../sessions/store/session-store.ts'
import { requestEmailChange, currentPasswordErrors } from './request-email-change.ts'
import { confirmable, confirmLink, type Confirmed } from './confirm-link.ts'
import { mailLimits } from './limits.ts'
import { sendVerification } from './send-verification.ts'
import { strictRouter } from '../../platform/web/router.ts'

const SendForm = z.object({ next: returnPath })
const ConfirmForm = z.object({ token: textField.max(200) })
const EmailForm = z.object({ email: emailAddress, password: passwordField })

declare global {
  interface Views {
    'auth/verification/step': { actor: Actor; email: string; next: string; sent: boolean }
    'auth/verification/confirm': { kind: Purpose; email: string; token: string }
    'auth/verification/email': { actor: Actor; person: { email: string; verified: boolean }; typed: string }
  }
}

/** Shows why an emailed link is invalid, and offers another. */
export type InvalidLinkPage = (
  req: Request,
  res: Response,
  check: LinkCheck & { valid: false },
) => Promise<void>

const passwordPages = ['/account/password', '/m/password']

/** Stores an opened or confirmed link in the session of the browser. */
export type StoreLinkInSession = (req: Request, linkId: string) => Promise<void>

/** An unverified email must be verified before either change of password. The page offers that. */
export const requireVerifiedEmail: RequestHandler = (req, res, next) => {
  if (actorOf(req).emailVerified || !passwordPages.includes(req.path)) return next()
  showUnsaved(req)
  stepPage(req, res, req.path, req.method === 'GET' || req.method === 'HEAD' ? 200 : 403)
}

function stepPage(req: Request, res: Response, next: string, status = 200) {
  const actor = actorOf(req)
  const { email } = actor
  const sent = req.session.verificationSent === email
  const text = 'Verify your email first, then do it again: what you had typed or chosen was not kept.'
  renderPage(
    res,
    'auth/verification/step',
    { title: 'Verify your email first', actor, email, next, sent, narrow: true, unsavedText: { text } },
    status,
  )
}

/** Opens emailed links that confirm something, and carries them out when their button is selected. */
export function confirmRoutes(
  { db }: PasswordServices,
  showInvalidLink: InvalidLinkPage,
  storeResetLink: StoreLinkInSession,
  onOpened: (linkId: string) => Promise<void>,
): Router {
  const router = strictRouter()

  router.get('/verify-email/:token', async (req, res) => {
    const { token } = req.params
    const check = await checkToken(db, token, confirmable)
    if (check.link && req.method === 'GET' && !req.staleForm) await onOpened(check.link.id)
    if (!check.valid) return showInvalidLink(req, res, check)
    const { purpose: kind, email_at_issue, new_email } = check.link
    const email = (kind === 'email_change' ? new_email : null) ?? email_at_issue
    const title = titles[kind] ?? 'Confirm'
    renderPage(res, 'auth/verification/confirm', { title, layout: 'auth', token, email, kind })
  })

  router.post('/verify-email', async (req, res) => {
    const form = parseForm(ConfirmForm, req.body)
    if (!form.ok) return showInvalidLink(req, res, { valid: false, link: undefined, reason: 'unknown' })
    const confirmation = await confirmLink(db, anonymousContext(req), form.value.token)
    if (confirmation.invalidLink) return showInvalidLink(req, res, confirmation.invalidLink)
    const { userId, leadsTo, resetLinkId, message } = confirmation.confirmed
    if (resetLinkId) await storeResetLink(req, resetLinkId)
    else if (leadsTo === null && req.actor?.id === userId) await startCookieSession(req) // its session has just ended
    flash(req, message.title, message.text)
    res.redirect(303, resetLinkId ? '/reset-password' : nextPath(req, confirmation.confirmed))
  })

  return router
}

/** Where a link leads if its owner is signed in. Anyone else signs in first. */
function nextPath(req: Request, { userId, leadsTo }: Confirmed): string {
  if (leadsTo === null) return '/sign-in'
  return req.actor?.id === userId ? leadsTo : withNext('/sign-in', leadsTo)
}

const titles: Partial<Record<Purpose, string>> = {
  verify: 'Confirm your email',
  email_change: 'Confirm your new email',
  not_me: 'Wasn’t you?',
  not_my_call: 'Did you not phone your office?',
}

/** Verifying one’s own email. A temporary password opens this too, since it comes before the change. */
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
      `Open the email to ${writtenAddress(actor.email)} and select Confirm. The link works once, for ${linkLifetimeText('verify')}.`,
    )
    res.redirect(303, next)
  })

  return router
}

/** Changing one’s own email. */
export function emailRoutes(services: PasswordServices): Router {
  const router = strictRouter()
  const limits = mailLimits(services.db)

  router.get('/account/email', (req, res) => emailPage(req, res))

  router.post(
    '/account/email',
    action({
      permission: 'own account',
      target: null,
      stepUp: 'never', // the form asks for the password itself
      form: EmailForm,
      moreErrors: ({ req, by }) =>
        currentPasswordErrors(services, by, soundPart(EmailForm, req.body).password),
      showErrors: ({ req, res }, errors) => emailPage(req, res, errors),
      run: async ({ req, by, form }) => {
        const result = await requestEmailChange(services, limits, by, form)
        if (result.ok) await regenerateSession(req)
        return result
      },
      flash: ({ form }) => [
        'Check the inbox of your new address',
        `Select the button in the email to ${writtenAddress(form.email)}. Until then nothing changes.`,
      ],
      redirect: '/account',
    }),
  )
  return router
}

function emailPage(req: Request, res: Response, errors?: Errors) {
  const actor = actorOf(req)
  const { email, emailVerified: verified } = actor
  const locals = {
    actor,
    person: { email, verified },
    typed: textOf(typedFields(req.body).email),
    errors: errors ?? {},
  }
  renderPage(
    res,
    'auth/verification/email',
    { title: 'Change email', narrow: true, ...locals },
    errors ? 422 : 200,
  )
}
