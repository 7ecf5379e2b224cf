import { createHash, randomBytes } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Queryable, Tx } from '../../../platform/db.ts'
import { cookieName, cookieOptions, cookiesNamed } from '../../../platform/web/cookies.ts'
import { deleteKnownDevices, insertKnownDevice, selectDeviceIsKnown } from './queries.ts'

const year = 365 * 24 * 60 * 60 * 1000
const deviceCookie = (https: boolean): string => cookieName('dev', https)

/**
 * The cookie that recognises a browser: 256 random bits, too many to guess, so it needs no signature. It grants
 * nothing. The database stores its hash.
 */
export interface DeviceCookie {
  value: string
  hash: Buffer
}

/** The device cookie of a browser, or a new one to set after sign-in. */
export function deviceCookieOf(req: Request, https: boolean): DeviceCookie {
  const [kept = ''] = cookiesNamed(req, deviceCookie(https))
  const value = /^[\w-]{43}$/.test(kept) ? kept : randomBytes(32).toString('base64url')
  return { value, hash: createHash('sha256').update(value).digest() }
}

export function setDeviceCookie(res: Response, https: boolean, { value }: DeviceCookie): void {
  res.cookie(deviceCookie(https), value, { ...cookieOptions(https), maxAge: year })
}

/** Whether the owner of this email has signed in with this browser before. Always false for an unknown email. */
export function isKnown(db: Queryable, email: string, { hash }: DeviceCookie): Promise<boolean> {
  return selectDeviceIsKnown(db, email, hash)
}

/** Remembers a browser that a user signed in with. Returns whether it is new to them. */
export function noteDevice(tx: Tx, userId: string, { hash }: DeviceCookie): Promise<boolean> {
  return insertKnownDevice(tx, userId, hash)
}

/** Forgets every browser of a user. After a recovery none is trusted. */
export const forgetDevices = (tx: Tx, userId: string): Promise<void> => deleteKnownDevices(tx, userId)
