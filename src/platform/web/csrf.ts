import { randomBytes } from 'node:crypto'
import csurf from 'csurf'
import type { ErrorRequestHandler, Request, RequestHandler, Response, Router } from 'express'
import { log } from '../log.ts'
import { cookieName, cookieOptions, cookiesNamed } from './cookies.ts'
import { forged } from './errors.ts'
import { formsOf, pageOfForm } from './page-of-form.ts'
import { loggablePath } from './request-target.ts'
import { actorIds } from './request-log.ts'
import { showAgain } from './stale-form.ts'
import { strangersKeys, strangersSecret } from './strangers-cookie.ts'

/** The forms that need no session. Before sign-in their token belongs to a signed cookie, so that a GET stores nothing. */
const sessionless = ['/sign-in', '/forgot-password', '/verify-email']

// The token comes from the body, or the header for scripts; never from the query, where it would be logged and shared.
const value = (req: Request): string => {
  const sent: unknown = (req.body as Record<string, unknown> | undefined)?._csrf ?? req.get('x-csrf-token')
  return typeof sent === 'string' ? sent : ''
}
const bySession = csurf({ value })

interface Needs {
  baseUrl: string
  secrets: string[]
  /** The routes behind, which show the page of a form again. */
  routes: Router
}

interface AntiForgery {
  checkOrigin: RequestHandler
  checkToken: RequestHandler
  showStaleForm: ErrorRequestHandler
}

class StaleToken extends Error {}

/**
 * Anti-forgery in two layers (ASVS 3.5.1): where the browser says the request comes from, checked before any body is read,
 * and a token. Who is signed in, or has opened a link, has a token of their session; everybody else one of a signed
 * cookie. A form of ours with another token is shown again. See decision 34.
 */
export function antiForgery({ baseUrl, secrets, routes }: Needs): AntiForgery {
  const ours = new URL(baseUrl)
  const showsForm = formsOf(routes)
  const https = ours.protocol === 'https:'
  const asking = askingCsurf(secrets, https)
  const asks = new WeakMap<Request, Ask>()
  return {
    checkOrigin: (req, res, next) => {
      const ask = asking(req, res)
      asks.set(req, ask)
      res.locals.csrfToken = (action = req.path) => {
        ask(action, () => {})
        return req.csrfToken()
      }
      next(!isSafe(req) && isFromElsewhere(req, ours.origin) ? forged() : undefined)
    },
    checkToken: (req, _res, next) => {
      if (isSafe(req)) return next()
      req.formPage = pageOfForm(req, ours, showsForm)
      if (isSignOutOfOurs(req)) return next()
      asks.get(req)?.(req.path, (error) => next(error === undefined ? undefined : new StaleToken()))
    },
    showStaleForm: (error, req, res, next) => {
      if (!(error instanceof StaleToken)) return next(error)
      if (req.onlyEnds) return next(forged())
      // Whose session is over is led to sign-in, wherever the form stood.
      const formPage = req.formPage || (req.actor || sessionless.includes(req.path) ? '' : '/')
      if (!formPage) return next(forged())
      const { reference, ip } = req
      const path = loggablePath(req)
      log.warn({ event: 'malicious_csrf', reference, ...actorIds(req), ip, path }, 'refused')
      const wasSignedIn = !req.actor && cookiesNamed(req, cookieName('sid', https)).length > 0
      showAgain(req, res, { formPage, mayLeave: wasSignedIn, routes: () => void routes(req, res, next) })
    },
  }
}

/** Asks csurf about the token of a form, by where the form is sent. */
type Ask = (action: string, answer: (error?: unknown) => void) => void

/** csurf in its two modes. It is asked once, and again only when a page shows a form of the other mode. */
function askingCsurf(secrets: string[], https: boolean) {
  const keys = strangersKeys(secrets)
  const cookie = { key: cookieName('csrf', https), signed: true, ...cookieOptions(https) }
  const byCookie = csurf({ value, cookie })
  return (req: Request, res: Response): Ask => {
    let asked: { mode: RequestHandler; error?: unknown } | undefined
    return (action, answer) => {
      const mode = isOfSession(req, action) ? bySession : byCookie
      if (mode === asked?.mode) return answer(asked.error)
      if (mode === byCookie) {
        req.secret = keys[0]
        req.signedCookies = { [cookie.key]: strangersSecret(req, cookie.key, keys) }
      }
      mode(req, res, (error?: unknown) => {
        asked = { mode, error }
        answer(error)
      })
    }
  }
}

/** Gives a session its secret when it begins: two pages that are opened at once would each make one of their own. */
export function giveSecret(req: Request, kept?: string): void {
  req.session.csrfSecret = kept ?? randomBytes(18).toString('base64url')
}

/** Once somebody is signed in, only the token of their session counts. */
export function forgetStranger(res: Response, https: boolean): void {
  res.clearCookie(cookieName('csrf', https), cookieOptions(https))
}

const isSafe = ({ method }: Request) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/** Signing out ends at the sign-in page, also where the session is over and where the browser vouches for an old page. */
function isSignOutOfOurs(req: Request): boolean {
  const vouched = req.get('sec-fetch-site') !== undefined || req.get('origin') !== undefined
  return req.path === '/sign-out' && (!req.actor || vouched)
}

/** A session that holds nothing has no token either: only the guard of the route is left to say so. */
const isOfSession = ({ actor, session }: Request, action: string): boolean =>
  Boolean(actor) || (session.csrfSecret !== undefined && !sessionless.includes(action))

function isFromElsewhere(req: Request, origin: string): boolean {
  const site = req.get('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin'
  const from = req.get('origin')
  return from !== undefined && from !== origin
}
