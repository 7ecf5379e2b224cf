import type { Request, RequestHandler, Response } from 'express'
import { log } from '../log.ts'

/** HTTP/1.0 ends an answer by closing the connection, so a truncated file would look complete. */
const needsHttp11 = 'This download needs HTTP/1.1. Ask the person who runs this server.\n'

/**
 * Lets a download through that somebody asked for. Refuses HEAD, which would read everything for nothing. A link on
 * another site leads to the page of the list instead.
 */
export const requireDirectDownload =
  (pageOf: (req: Request) => string): RequestHandler =>
  (req, res, next) => {
    if (req.method === 'HEAD') return res.status(405).set('Allow', 'GET').end()
    if (req.httpVersion === '1.0') {
      log.warn('an export came over HTTP/1.0 and was refused; in nginx set proxy_http_version 1.1')
      return res.status(505).type('text').send(needsHttp11)
    }
    if (['same-origin', 'none', undefined].includes(req.get('sec-fetch-site'))) return next()
    res.redirect(303, pageOf(req))
  }

const types = { csv: 'text/csv; charset=utf-8; header=present', zip: 'application/zip' }

/** Headers of a file that is saved and never shown in the browser. */
export function setDownloadHeaders(res: Response, name: string, extension: keyof typeof types): void {
  res.set({
    'Content-Type': types[extension],
    'Content-Disposition': `attachment; filename="${name}.${extension}"`,
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  })
}
