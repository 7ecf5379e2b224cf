import type { Request, RequestHandler } from 'express'
import { canonicalAddress } from '../ip-address.ts'

type IsTrusted = (address: string, hop: number) => boolean

/** Sets `req.ip` to the client's address in its canonical spelling. Logs, limits and pages take it from there. */
export const clientAddress: RequestHandler = (req, _res, next) => {
  Object.defineProperty(req, 'ip', { value: findClientAddress(req), enumerable: true })
  next()
}

/**
 * The nearest address that is not a trusted proxy's, as in Express, but canonical before it is compared, so that a
 * proxy that adds ports is recognised. If a proxy names something that is no address, that proxy counts as the
 * client.
 */
function findClientAddress(req: Request): string | undefined {
  const isTrusted = req.app.get('trust proxy fn') as IsTrusted
  const forwarded = (req.get('x-forwarded-for') ?? '').split(',').reverse()
  let nearest = canonicalAddress(req.socket.remoteAddress)
  for (const [hop, forwardedFor] of forwarded.entries()) {
    const next = canonicalAddress(forwardedFor)
    if (next === undefined || !isTrusted(nearest ?? '', hop)) break
    nearest = next
  }
  return nearest
}
