import type { RequestHandler } from 'express'

/**
 * Redirects without a body. express-session holds back an answer until the session is stored, but sends the head of one
 * that has a body at once; a browser follows the head, and would come before what the next page is to show.
 */
export const bodylessRedirects: RequestHandler = (_req, res, next) => {
  res.redirect = (status: number | string, to?: number | string) => {
    const [code, address] = typeof status === 'number' ? [status, String(to)] : [302, status]
    res.status(code).location(address).end()
  }
  next()
}
