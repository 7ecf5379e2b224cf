import csurf from 'csurf'
import type { Request, RequestHandler } from 'express'
import { Refused } from './errors.ts'

// The token comes from the body, or the header for scripts; never from the query, where it would be logged and shared.
const csurfToken = csurf({
  value: (req) => {
    const sent: unknown = (req.body as Record<string, unknown> | undefined)?._csrf ?? req.get('x-csrf-token')
    return typeof sent === 'string' ? sent : ''
  },
})

/**
 * Anti-forgery in two layers (ASVS 3.5.1): where the browser says the request comes from, checked before any body is read,
 * and a token bound to the session. csurf writes a secret into the session as soon as it runs, so a reader's page runs it
 * only when it shows a form.
 */
export function antiForgery(baseUrl: string): { checkOrigin: RequestHandler; checkToken: RequestHandler } {
  const origin = new URL(baseUrl).origin
  return {
    checkOrigin: (req, res, next) => {
      res.locals.csrfToken = () => {
        csurfToken(req, res, () => {})
        return req.csrfToken()
      }
      next(!isSafe(req) && fromElsewhere(req, origin) ? forged() : undefined)
    },
    checkToken: (req, res, next) => {
      if (isSafe(req)) return next()
      if (req.session.csrfSecret === undefined) return next(forged())
      csurfToken(req, res, (error?: unknown) => next(error === undefined ? undefined : forged()))
    },
  }
}

const isSafe = ({ method }: Request) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

function fromElsewhere(req: Request, origin: string): boolean {
  const site = req.get('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin'
  const from = req.get('origin')
  return from !== undefined && from !== origin
}

const forged = () =>
  new Refused(
    {
      heading: 'This page was open for too long',
      message:
        'For your safety a form works only for a while, and only from our own page. Nothing was changed.',
      advice: 'Go back, load the page again, and send the form once more.',
    },
    'malicious_csrf',
  )
