import type { Request, RequestHandler } from 'express'
import { Forbidden } from './errors.ts'

/**
 * Requires https if BASE_URL does. When a trusted proxy says that a request came without it, a GET is redirected to
 * https. Anything sent in clear text is refused, since others could have read it. (ASVS 12.2.1)
 */
export function requireHttps(baseUrl: string): RequestHandler {
  const { origin } = new URL(baseUrl)
  return (req, res, next) => {
    if (!isPlaintext(req)) return next()
    if (req.method !== 'GET' && req.method !== 'HEAD') return next(refusedPlaintext)
    res.redirect(308, origin + req.originalUrl) // joined as text, so that no path can change the host
  }
}

/** Without the proxy's header a request counts as https, as BASE_URL says. */
function isPlaintext(req: Request): boolean {
  const isTrusted = req.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean
  const [first = ''] = (req.get('x-forwarded-proto') ?? '').split(',')
  return first.trim() === 'http' && isTrusted(req.socket.remoteAddress, 0)
}

const refusedPlaintext = new Forbidden({
  heading: 'This came without encryption',
  message: 'Others on the way could have read it, so nothing was done with it.',
  advice: 'Open the address again with https:// in front. If it held a password of yours, change it.',
})
