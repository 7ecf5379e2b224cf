import { typedFields, textOf } from './form.ts'
import csurf from 'csurf'
import type { ErrorRequestHandler, Request, RequestHandler, Response, Router } from 'express'
import { log } from '../log.ts'
import { cookieName, cookieOptions, cookiesNamed } from './cookies.ts'
import { forged } from './errors.ts'
import { formPagesOf, pageOfForm } from './page-of-form.ts'
import { loggablePath } from './request-target.ts'
import { actorIds } from './request-log.ts'
import { showAgain } from './stale-form.ts'
import { anonymousKeys, anonymousSecret, newSecret, signed } from './anonymous-cookie.ts'

/**
 * Forms that need no session. Before sign-in their token belongs to a signed cookie, so that a GET stores nothing.
 */
const sessionless = ['/sign-in', '/forgot-password', '/verify-email']

// The token comes from the body, or from a header for scripts. It never comes from the query, which is logged and
// shared.
const value = (req: Request): string => {
  return textOf(typedFields(req.body)._csrf ?? req.get('x-csrf-token'))
}
const bySession = csurf({ value })

interface AntiForgeryDeps {
  baseUrl: string
  secrets: string[]
  /** The app's routes, which show the page of a form again. */
  routes: Router
}

interface AntiForgery {
  checkOrigin: RequestHandler
  checkCsrfToken: RequestHandler
  showStaleForm: ErrorRequestHandler
}

class StaleToken extends Error {}

/**
 * CSRF protection in two layers (ASVS 3.5.1): the origin that the browser names, checked before any body is read, and
 * a token. People who are signed in or opened a link have a token in their session; everyone else has one in a signed
 * cookie. A form of ours with an outdated token is shown again. See decision 34.
 */
export function antiForgery({ baseUrl, secrets, routes }: AntiForgeryDeps): AntiForgery {
  const baseAddress = new URL(baseUrl)
  const formPages = formPagesOf(routes)
  const https = baseAddress.protocol === 'https:'
  const checkFor = csurfByForm(secrets, https)
  const checks = new WeakMap<Request, CheckToken>()
  return {
    checkOrigin: (req, res, next) => {
      const check = checkFor(req, res)
      checks.set(req, check)
      res.locals.csrfToken = (action = req.path) => {
        check(action, () => {})
        return req.csrfToken()
      }
      next(!isSafe(req) && isCrossOrigin(req, baseAddress.origin) ? forged() : undefined)
    },
    checkCsrfToken: (req, _res, next) => {
      if (isSafe(req)) return next()
      req.formPage = once(() => pageOfForm(req, baseAddress, formPages))
      if (isOwnSignOut(req)) return next()
      checks.get(req)?.(req.path, (error) => next(error === undefined ? undefined : new StaleToken()))
    },
    showStaleForm: (error, req, res, next) => {
      if (!(error instanceof StaleToken)) return next(error)
      if (req.onlyEnds) return next(forged())
      // If the session is over, sign-in is next, whatever page the form was on.
      const formPage = req.formPage?.() || (req.actor || sessionless.includes(req.path) ? '' : '/')
      if (!formPage) return next(forged())
      const { reference, ip } = req
      const path = loggablePath(req)
      log.warn({ event: 'malicious_csrf', reference, ...actorIds(req), ip, path }, 'refused')
      const wasSignedIn = !req.actor && cookiesNamed(req, cookieName('sid', https)).length > 0
      showAgain(req, res, {
        formPage,
        mayLeave: wasSignedIn,
        isPage: formPages.isPage,
        routes: () => void routes(req, res, next),
        refuse: () => next(forged()),
      })
    },
  }
}

/** Checks the token of a form. The form's address decides between session and cookie. */
type CheckToken = (action: string, answer: (error?: unknown) => void) => void

/**
 * Runs csurf by session or by cookie. It runs once for a request, and again only if the page shows a form of the
 * other mode.
 */
function csurfByForm(secrets: string[], https: boolean) {
  const keys = anonymousKeys(secrets)
  const cookie = { key: cookieName('csrf', https), signed: true, ...cookieOptions(https) }
  const byCookie = csurf({ value, cookie })
  /** csurf would ask the system for the bytes of each new secret, and sign it more slowly. */
  const secretOf = (req: Request, res: Response): string => {
    const kept = anonymousSecret(req, cookie.key, keys)
    if (kept !== undefined) return kept
    const secret = newSecret()
    res.cookie(cookie.key, signed(secret, keys[0] ?? ''), cookieOptions(https))
    return secret
  }
  return (req: Request, res: Response): CheckToken => {
    let previous: { mode: RequestHandler; error?: unknown } | undefined
    return (action, answer) => {
      const mode = usesSession(req, action) ? bySession : byCookie
      if (mode === previous?.mode) return answer(previous.error)
      if (mode === byCookie) {
        req.secret = keys[0]
        req.signedCookies = { [cookie.key]: secretOf(req, res) }
      }
      mode(req, res, (error?: unknown) => {
        previous = { mode, error }
        answer(error)
      })
    }
  }
}

/** Sets the secret of a new session: otherwise two pages opened at once would each create one. */
export function giveSecret(req: Request, existing?: string): void {
  req.session.csrfSecret = existing ?? newSecret()
}

/** After sign-in only the session's token counts. */
export function clearAnonymousCookie(res: Response, https: boolean): void {
  res.clearCookie(cookieName('csrf', https), cookieOptions(https))
}

function once<T>(find: () => T): () => T {
  let found: { value: T } | undefined
  return () => (found ??= { value: find() }).value
}

const isSafe = ({ method }: Request) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/**
 * Sign-out always ends at the sign-in page: without a session, or with an old page if the browser confirms the
 * origin.
 */
function isOwnSignOut(req: Request): boolean {
  const hasOriginHeader = req.get('sec-fetch-site') !== undefined || req.get('origin') !== undefined
  return req.path === '/sign-out' && (!req.actor || hasOriginHeader)
}

/** An empty session has no token either: then the route's own guard answers. */
const usesSession = ({ actor, session }: Request, action: string): boolean =>
  Boolean(actor) || (session.csrfSecret !== undefined && !sessionless.includes(action))

function isCrossOrigin(req: Request, origin: string): boolean {
  const site = req.get('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin'
  const from = req.get('origin')
  return from !== undefined && from !== origin
}
