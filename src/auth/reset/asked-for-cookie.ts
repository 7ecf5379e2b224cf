import type { Request, Response } from 'express'
import { seal, unseal } from '../../platform/crypto.ts'
import { cookieName, cookieOptions, cookiesNamed } from '../../platform/web/cookies.ts'

const halfAnHourMs = 30 * 60 * 1000

/**
 * A sealed cookie with the address that somebody typed at *Forgot your password?*, which the next page shows. So
 * a request for a link stores no session.
 */
export function askedForCookie(key: Buffer, https: boolean) {
  const name = cookieName('asked', https)
  return {
    keep: (res: Response, email: string) =>
      res.cookie(name, seal(key, name, Buffer.from(email)).toString('base64url'), {
        ...cookieOptions(https),
        maxAge: halfAnHourMs,
      }),
    read: (req: Request): string | undefined =>
      unseal(key, name, Buffer.from(cookiesNamed(req, name)[0] ?? '', 'base64url'))?.toString(),
    forget: (req: Request, res: Response) => {
      if (cookiesNamed(req, name).length) res.clearCookie(name, cookieOptions(https))
    },
  }
}
export type AskedForCookie = ReturnType<typeof askedForCookie>
