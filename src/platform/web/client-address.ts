import type { Request, RequestHandler } from 'express'
import { canonicalAddress } from '../ip-address.ts'

type Trusts = (address: string, hop: number) => boolean

/**
 * Settles for the whole request where it comes from: from here on `req.ip` is one address in its one spelling, and
 * whoever logs, limits or shows it takes it from there.
 */
export const clientAddress: RequestHandler = (req, _res, next) => {
  Object.defineProperty(req, 'ip', { value: addressOf(req), enumerable: true })
  next()
}

/**
 * The nearest address that is not a trusted proxy's, as Express finds it, but each one read before it is judged: a
 * proxy that writes ports is recognised all the same. Where a proxy names something that is no address, that proxy is
 * as far as anybody knows.
 */
function addressOf(req: Request): string | undefined {
  const trusts = req.app.get('trust proxy fn') as Trusts
  const forwarded = (req.get('x-forwarded-for') ?? '').split(',').reverse()
  let nearest = canonicalAddress(req.socket.remoteAddress)
  for (const [hop, written] of forwarded.entries()) {
    const next = canonicalAddress(written)
    if (next === undefined || !trusts(nearest ?? '', hop)) break
    nearest = next
  }
  return nearest
}
