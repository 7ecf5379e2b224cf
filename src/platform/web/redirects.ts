import type { RequestHandler } from 'express'

/**
 * Sends redirects without a body. express-session holds back an answer until the session is saved, but sends the
 * headers of one with a body at once. The browser would follow before the session holds what the next page shows.
 */
export const bodylessRedirects: RequestHandler = (_req, res, next) => {
  res.redirect = (status: number | string, to?: number | string) => {
    const [code, address] = typeof status === 'number' ? [status, String(to)] : [302, status]
    res.status(code).location(address).end()
  }
  next()
}
