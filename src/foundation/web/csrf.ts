import csurf from 'csurf'
import type { Request, RequestHandler } from 'express'
import { Refused } from './errors.ts'

const safeMethods = ['GET', 'HEAD', 'OPTIONS']

// The token comes from the body, or the header for scripts; never from the query, where it would be logged and shared.
const checkToken = csurf({
  value: (req) => {
    const sent: unknown = (req.body as Record<string, unknown> | undefined)?._csrf ?? req.get('x-csrf-token')
    return typeof sent === 'string' ? sent : ''
  },
})

/**
 * Anti-forgery in two layers: where the browser says the request comes from, and a token bound to the session.
 * csurf writes a secret into the session as soon as it runs, so a reader's page runs it only when it shows a form.
 * (ASVS 3.5.1)
 */
export function csrf(baseUrl: string): RequestHandler {
  const origin = new URL(baseUrl).origin
  return (req, res, next) => {
    res.locals.csrfToken = () => {
      checkToken(req, res, () => {})
      return req.csrfToken()
    }
    if (safeMethods.includes(req.method)) return next()
    if (fromElsewhere(req, origin) || req.session.csrfSecret === undefined) return next(forged())
    checkToken(req, res, (error?: unknown) => next(error === undefined ? undefined : forged()))
  }
}

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
