import { createHash, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Queryable, Tx } from '../../../platform/db.ts'
import { cookieName, cookieOptions, cookiesNamed } from '../../../platform/web/cookies.ts'
import { deleteKnownDevices, insertKnownDevice, selectDeviceIsKnown } from './queries.ts'

const year = 365 * 24 * 60 * 60 * 1000
const deviceCookie = (https: boolean): string => cookieName('dev', https)

/**
 * What a browser is recognised by: 256 random bits in a cookie, too many to be guessed, so they need no signature.
 * They grant nothing; the database keeps their hash.
 */
export interface DeviceCookie {
  value: string
  hash: Buffer
}

/** The mark of a browser, or a new one for it to keep once somebody has signed in. */
export function deviceCookieOf(req: Request, https: boolean): DeviceCookie {
  const [kept = ''] = cookiesNamed(req, deviceCookie(https))
  const value = /^[\w-]{43}$/.test(kept) ? kept : randomBytes(32).toString('base64url')
  return { value, hash: createHash('sha256').update(value).digest() }
}

export function setDeviceCookie(res: Response, https: boolean, { value }: DeviceCookie): void {
  res.cookie(deviceCookie(https), value, { ...cookieOptions(https), maxAge: year })
}

/** Whether the owner of this address signed in with this browser before; for an address of nobody's, never. */
export function isKnown(db: Queryable, email: string, { hash }: DeviceCookie): Promise<boolean> {
  return selectDeviceIsKnown(db, email, hash)
}

/** Notes a browser that somebody signed in with; says whether they never did before. */
export function noteDevice(tx: Tx, userId: string, { hash }: DeviceCookie): Promise<boolean> {
  return insertKnownDevice(tx, userId, hash)
}

/** Forgets every browser of a user: after a recovery none counts as theirs any more. */
export const forgetDevices = (tx: Tx, userId: string): Promise<void> => deleteKnownDevices(tx, userId)
