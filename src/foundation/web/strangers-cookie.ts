import { createHmac, timingSafeEqual } from 'node:crypto'
import type { CookieOptions, Request } from 'express'
import { keyFor } from '../keys.ts'

export const strangersCookie = (https: boolean): string => (https ? '__Host-csrf' : 'csrf')

/** It lives until the browser closes. The prefix `__Host-` keeps other hosts and plain http from setting it. */
export const strangersCookieOptions = (https: boolean): CookieOptions & { path: string } => ({
  ...{ httpOnly: true, sameSite: 'lax', secure: https, path: '/' },
})

/** One key for each session secret; the first one signs. */
export const strangersKeys = (secrets: string[]): string[] =>
  secrets.map((secret) => keyFor('forms before sign-in', [secret]).toString('base64url'))

/**
 * The secret in the signed cookie of somebody who is not signed in. There is none where the cookie is not signed by one
 * of our keys, or where there are two of its name: then one of them came from somebody else.
 */
export function strangersSecret(req: Request, https: boolean, keys: string[]): string | undefined {
  const [sent, second] = valuesOf(req.get('cookie') ?? '', strangersCookie(https))
  const [, secret, signature] = /^s%3A([\w-]{24})\.([\w%]+)$/.exec(sent ?? '') ?? []
  if (secret === undefined || signature === undefined || second !== undefined) return undefined
  return keys.some((key) => isSame(signature, encodeURIComponent(signatureOf(secret, key))))
    ? secret
    : undefined
}

const valuesOf = (header: string, name: string): string[] =>
  header
    .split(';')
    .map((pair) => pair.split('='))
    .filter(([key]) => key?.trim() === name)
    .map(([, ...value]) => value.join('=').trim())

/** As csurf signs its cookie: base64 without its padding. */
const signatureOf = (secret: string, key: string): string =>
  createHmac('sha256', key).update(secret).digest('base64').replace(/=+$/, '')

const isSame = (given: string, wanted: string): boolean =>
  given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted))
