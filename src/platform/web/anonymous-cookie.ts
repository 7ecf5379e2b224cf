import { createHmac } from 'node:crypto'
import type { Request } from 'express'
import { isSame, keyFor, randomText } from '../crypto.ts'
import { cookiesNamed } from './cookies.ts'

/** One key for each session secret; the first one signs. */
export const anonymousKeys = (secrets: string[]): string[] =>
  secrets.map((secret) => keyFor('forms before sign-in', [secret]).toString('base64url'))

/**
 * The secret in the signed cookie of a visitor without a session. Undefined if none of our keys signed it, or if
 * there are two cookies of its name: then one of them came from somebody else.
 */
export function anonymousSecret(req: Request, name: string, keys: string[]): string | undefined {
  const [sent, second] = cookiesNamed(req, name)
  const [, secret, signature] = /^s%3A([\w-]{24})\.([\w%]+)$/.exec(sent ?? '') ?? []
  if (secret === undefined || signature === undefined || second !== undefined) return undefined
  return keys.some((key) => isSame(signature, encodeURIComponent(signatureOf(secret, key))))
    ? secret
    : undefined
}

/** A new secret, as long as csurf's own. */
export const newSecret = (): string => randomText(18, 'base64url')

/** A secret with its signature, as csurf writes and reads it. */
export const signed = (secret: string, key: string): string => `s:${secret}.${signatureOf(secret, key)}`

/** The signature of csurf's cookie: base64 without padding. */
const signatureOf = (secret: string, key: string): string =>
  createHmac('sha256', key).update(secret).digest('base64').replace(/=+$/, '')
