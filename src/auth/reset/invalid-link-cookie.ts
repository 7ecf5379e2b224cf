import type { Request, Response } from 'express'
import { hmac, isSame } from '../../platform/crypto.ts'
import { cookieName, cookieOptions, cookiesNamed } from '../../platform/web/cookies.ts'

const halfAnHour = 30 * 60 * 1000

/**
 * Which dead link a browser was shown, for *Email me a new link*: a signed cookie, so that looking at a dead link, as
 * often as somebody likes, stores nothing.
 */
export function invalidLinkCookie(key: Buffer, https: boolean) {
  const name = cookieName('link', https)
  const sign = (linkId: string) => hmac(key, linkId).toString('base64url')
  return {
    keep: (res: Response, linkId: string) =>
      res.cookie(name, `${linkId}.${sign(linkId)}`, { ...cookieOptions(https), maxAge: halfAnHour }),
    read(req: Request): string | undefined {
      const [linkId = '', signature = ''] = cookiesNamed(req, name)[0]?.split('.') ?? []
      return isSame(signature, sign(linkId)) ? linkId : undefined
    },
    forget: (res: Response) => res.clearCookie(name, cookieOptions(https)),
  }
}
export type InvalidLinkCookie = ReturnType<typeof invalidLinkCookie>
