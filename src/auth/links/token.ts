import { createHash } from 'node:crypto'
import type { Purpose } from '../../company/link-lifetimes.ts'
import { hmac } from '../../platform/crypto.ts'

/** Those that choose a new password. Of these somebody has one at a time: a newer one switches off the others. */
export const passwordPurposes: readonly Purpose[] = ['reset', 'campaign']

/** 256 bits in base64url, the same each time for the same row and key: a letter sent twice holds one link. */
export function tokenOf(key: Buffer, link: { id: string; purpose: Purpose; nonce: Buffer }): string {
  return hmac(key, `${link.purpose} ${link.id} ${link.nonce.toString('hex')}`).toString('base64url')
}

/** What the database keeps of a token (ASVS 6.5.2). */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/** The address that a letter carries; the token stands in no other place. */
export const pathOf = (purpose: Purpose, token: string): string =>
  `${openedAt[purpose] ?? '/verify-email'}/${token}`

const openedAt: Partial<Record<Purpose, string>> = {
  reset: '/reset-password',
  campaign: '/reset-password',
  invite: '/invitation',
}
