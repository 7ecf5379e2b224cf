import { createHmac } from 'node:crypto'
import type { Request } from 'express'
import { isSame, keyFor } from '../crypto.ts'
import { cookiesNamed } from './cookies.ts'

/** One key for each session secret; the first one signs. */
export const strangersKeys = (secrets: string[]): string[] =>
  secrets.map((secret) => keyFor('forms before sign-in', [secret]).toString('base64url'))

/**
 * The secret in the signed cookie of somebody who is not signed in. There is none where the cookie is not signed by one
 * of our keys, or where there are two of its name: then one of them came from somebody else.
 */
export function strangersSecret(req: Request, name: string, keys: string[]): string | undefined {
  const [sent, second] = cookiesNamed(req, name)
  const [, secret, signature] = /^s%3A([\w-]{24})\.([\w%]+)$/.exec(sent ?? '') ?? []
  if (secret === undefined || signature === undefined || second !== undefined) return undefined
  return keys.some((key) => isSame(signature, encodeURIComponent(signatureOf(secret, key))))
    ? secret
    : undefined
}

/** As csurf signs its cookie: base64 without its padding. */
const signatureOf = (secret: string, key: string): string =>
  createHmac('sha256', key).update(secret).digest('base64').replace(/=+$/, '')
