import { createHash } from 'node:crypto'
import type { Purpose } from '../../company/link-lifetimes.ts'
import { hmac } from '../../platform/crypto.ts'

/** Links that set a new password. A user has one of these at a time: a new one invalidates the others. */
export const passwordPurposes: readonly Purpose[] = ['reset', 'campaign', 'sign_in_code']

/** 256 bits in base64url, always the same for the same row and key, so that an email sent twice has one link. */
export function tokenOf(key: Buffer, link: { id: string; purpose: Purpose; nonce: Buffer }): string {
  return hmac(key, `${link.purpose} ${link.id} ${link.nonce.toString('hex')}`).toString('base64url')
}

/** The hash that the database stores in place of the token (ASVS 6.5.2). */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** The address in the email or the QR code. The token is nowhere else. */
export const pathOf = (purpose: Purpose, token: string): string =>
  `${pathByPurpose[purpose] ?? '/verify-email'}/${token}`

const pathByPurpose: Partial<Record<Purpose, string>> = {
  reset: '/reset-password',
  campaign: '/reset-password',
  sign_in_code: '/reset-password',
  invite: '/invitation',
}
