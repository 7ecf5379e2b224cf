import type { Request, RequestHandler } from 'express'
import { Forbidden } from './errors.ts'

/**
 * Where people come by https: a proxy that we trust says of a request that it came without. Who only looks is led to
 * the same place by https; what was sent in clear is not taken, since others could have read it. (ASVS 12.2.1)
 */
export function requireHttps(baseUrl: string): RequestHandler {
  const { origin } = new URL(baseUrl)
  return (req, res, next) => {
    if (!cameInClear(req)) return next()
    if (req.method !== 'GET' && req.method !== 'HEAD') return next(sentInClear)
    res.redirect(308, origin + req.originalUrl) // put together as text: nothing in a path can move the host
  }
}

/** A proxy that says nothing of it is believed to have come by https, as BASE_URL says. */
function cameInClear(req: Request): boolean {
  const trusts = req.app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean
  const [first = ''] = (req.get('x-forwarded-proto') ?? '').split(',')
  return first.trim() === 'http' && trusts(req.socket.remoteAddress, 0)
}

const sentInClear = new Forbidden({
  heading: 'This came without encryption',
  message: 'Others on the way could have read it, so nothing was done with it.',
  advice: 'Open the address again with https:// in front. If it held a password of yours, change it.',
})
