import type { Errors } from '../../platform/result.ts'
import type { Request, Router, Response } from 'express'
import { actorOf, contextOf, isMobile } from '../../access/middleware.ts'
import { hasPermission, type Actor, type RequestContext, type Person } from '../../access/actor.ts'
import type { Tx } from '../../platform/db.ts'
import { clearAnonymousCookie } from '../../platform/web/csrf.ts'
import { parseForm, typedFields, textOf } from '../../platform/web/form.ts'
import { safePath } from '../../platform/web/safe-redirect.ts'
import { carriedUnsaved, flashUnsaved, redirectUnsaved, takeUnsaved } from '../../platform/web/unsaved.ts'
import { renderPage } from '../../platform/web/render-page.ts'
import { replaceOwnSession, sessionOfReplacedCookie } from '../sessions/store/replaced-cookie.ts'
import { endOwnSession } from '../sessions/end-sessions.ts'
import { setDeviceCookie, deviceCookieOf } from '../sessions/devices/known-device.ts'
import { sessionCookie } from '../sessions/store/session-store.ts'
import { SignInForm } from './forms.ts'
import { authenticate, attachSession, type OurPassport } from './passport.ts'
import type { SignInServices, SignInResult } from './sign-in.ts'
import { strictRouter } from '../../platform/web/router.ts'

declare global {
  interface Views {
    'auth/sign-in/sign-in': {
      email: string
      remember: boolean
      next: string
      refusal: { title: string; text: string } | null
    }
  }
}

export function signInRoutes(
  { db, https }: SignInServices,
  passport: OurPassport,
  endImpersonation: EndImpersonation,
  onSignedIn: (req: Request, res: Response) => void,
): Router {
  const router = strictRouter()

  router.get('/sign-in', (req, res) => {
    const { next } = req.query
    if (req.actor && !isForAnother(req)) {
      delete req.staleForm
      flashUnsaved(req, safePath(next), takeUnsaved(req), signInFirst)
      return res.redirect(303, safePath(next))
    }
    signInPage(res, { next })
  })

  router.post('/sign-in', async (req, res) => {
    const typed = typedFields(req.body)
    const form = parseForm(SignInForm, typed)
    if (!form.ok) return signInPage(res, { ...typed, errors: form.errors }, 422)
    const device = deviceCookieOf(req, https)
    const result = await authenticate(passport, req, res, { form: form.value, device })
    if (result.kind !== 'signed in') return signInFailed(res, typed, result)
    const before = req.actor
    if (before)
      await db.transaction((tx) => replaceOwnSession(tx, contextOf(req), before.sessionId, result.sessionId))
    setDeviceCookie(res, https, device)
    clearAnonymousCookie(res, https)
    onSignedIn(req, res)
    await attachSession(req, result.sessionId, form.value.remember ? result.endsAt : null)
    flashUnsaved(req, safePath(form.value.next), carriedUnsaved(req), signInFirst)
    res.redirect(303, safePath(form.value.next))
  })

  // Public: a person whose session has already ended is redirected to the sign-in page too.
  router.post('/sign-out', async (req, res) => {
    const ended = req.actor && (await signOut(req, req.actor))
    if (ended === false) {
      // Another sign-in replaced the session in this browser meanwhile.
      const newer = await sessionOfReplacedCookie(db, req.cameWithSid ?? req.sessionID)
      if (newer) await signOut(req, newer.actor)
    }
    await new Promise((resolve) => req.session.destroy(resolve))
    const cookieOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure: https } as const
    res.clearCookie(sessionCookie(https), cookieOptions).set('Clear-Site-Data', '"cache", "storage"')
    res.redirect(303, '/sign-in')
  })

  const signOut = (req: Request, actor: Actor): Promise<boolean> =>
    db.transaction(async (tx) =>
      endOwnSession(tx, await endImpersonation(tx, contextOf(req, actor), 'signed_out'), actor.sessionId),
    )

  return router
}

/** Ends the impersonation of a session that signs out. Returns the context of the person who signs out. */
export type EndImpersonation = (
  tx: Tx,
  by: RequestContext<Actor>,
  code: 'signed_out',
) => Promise<RequestContext<Person>>

/** Whether a sign-in page left open in another tab is for another person than the one signed in by now. */
const isForAnother = ({ actor, staleForm }: Request): boolean =>
  staleForm !== undefined && String(staleForm.typed.email).trim().toLowerCase() !== actor?.email

export const homeRoutes = (): Router =>
  strictRouter().get('/', (req, res) => {
    takeUnsaved(req)
    redirectUnsaved(req, res, homePath(actorOf(req), isMobile(req)))
  })

/** The page people see after signing in: the one of their work. */
function homePath(actor: Actor, mobile: boolean): string {
  if (hasPermission(actor, 'users.view')) return '/today'
  return hasPermission(actor, 'activity.view') ? '/activity-log' : mobile ? '/m' : '/account'
}

interface PageData {
  email?: unknown
  remember?: unknown
  next?: unknown
  errors?: Errors
  refusal?: { title: string; text: string }
}

function signInPage(res: Response, { email, remember, next, errors = {}, refusal }: PageData, status = 200) {
  const locals = { email: textOf(email), remember: remember !== undefined, refusal: refusal ?? null }
  renderPage(
    res,
    'auth/sign-in/sign-in',
    { title: 'Sign in', layout: 'auth', ...locals, next: safePath(next, ''), errors, unsavedText },
    status,
  )
}

const signInFirst = 'You had to sign in first'
const unsavedText = {
  title: 'You are not signed in, so nothing was changed',
  text: 'Sign in, then do it again.',
}

function signInFailed(res: Response, typed: PageData, result: Exclude<SignInResult, { kind: 'signed in' }>) {
  if (result.kind === 'throttled') res.set('Retry-After', String(result.retryAfter))
  const status = result.kind === 'throttled' ? 429 : 422
  signInPage(res, { ...typed, refusal: messages[result.kind] }, status)
}

const messages = {
  wrong: {
    title: 'That email and password don’t match',
    text: 'Check for capitals, or choose a new password with “Forgot your password?”.',
  },
  expired: {
    title: 'That temporary password has expired',
    text: 'Use “Forgot your password?”, or call your office for another one.',
  },
  throttled: {
    title: 'Too many attempts',
    text: 'Wait a little before you try again, or choose a new password with “Forgot your password?”.',
  },
}
