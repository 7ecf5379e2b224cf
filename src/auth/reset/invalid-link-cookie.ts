import type { Request, Response } from 'express'
import { hmac, isSame } from '../../platform/crypto.ts'
import { cookieName, cookieOptions, cookiesNamed } from '../../platform/web/cookies.ts'

const halfAnHourMs = 30 * 60 * 1000

/**
 * A signed cookie with the invalid link that a browser was shown, for *Email me a new link*. So opening an invalid
 * link, however often, stores nothing.
 */
export function invalidLinkCookie(key: Buffer, https: boolean) {
  const name = cookieName('link', https)
  const sign = (linkId: string) => hmac(key, linkId).toString('base64url')
  return {
    keep: (res: Response, linkId: string) =>
      res.cookie(name, `${linkId}.${sign(linkId)}`, { ...cookieOptions(https), maxAge: halfAnHourMs }),
    read(req: Request): string | undefined {
      const [linkId = '', signature = ''] = cookiesNamed(req, name)[0]?.split('.') ?? []
      return isSame(signature, sign(linkId)) ? linkId : undefined
    },
    forget: (res: Response) => res.clearCookie(name, cookieOptions(https)),
  }
}
export type InvalidLinkCookie = ReturnType<typeof invalidLinkCookie>
