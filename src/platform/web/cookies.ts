import type { CookieOptions, Request } from 'express'

/** The name of a cookie for this host only. The prefix `__Host-` keeps other hosts and plain http from setting it. */
export const cookieName = (name: string, https: boolean): string => (https ? `__Host-${name}` : name)

export const cookieOptions = (https: boolean): CookieOptions & { path: string } => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: https,
  path: '/',
})

/** Every value that was sent under a cookie name. */
export const cookiesNamed = (req: Request, name: string): string[] =>
  (req.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.split('='))
    .filter(([key]) => key?.trim() === name)
    .map(([, ...value]) => value.join('=').trim())
