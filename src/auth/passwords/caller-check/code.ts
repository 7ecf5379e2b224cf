import { hmac } from '../../../platform/crypto.ts'

/** What a code is derived from. */
export interface CodeSource {
  id: string
  userId: string
  officeId: string
  nonce: Buffer
}

/**
 * Six digits, always the same for the same row and key. No row holds them or their hash, so the database and its
 * backups tell nothing. Of 48 bits the remainder is even to one part in 281 million. (ASVS 6.5.2, 6.5.3)
 */
export function codeOf(key: Buffer, { id, userId, officeId, nonce }: CodeSource): string {
  const digest = hmac(key, `${id} ${userId} ${officeId} ${nonce.toString('hex')}`)
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/** “418 302”, as people read it out. */
export const spaced = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`

/** The digits of a typed code, in any script, without spaces and hyphens; undefined if it is not six digits. */
export function typedCode(typed: string): string | undefined {
  const digits = typed
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Pd}]/gu, '')
    .replace(/\p{Nd}/gu, (digit) => String(valueOf(digit)))
  return /^\d{6}$/.test(digits) ? digits : undefined
}

/** Decimal digits of a script are ten in a row, so the value is the distance from the first. */
function valueOf(digit: string): number {
  const point = digit.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value += 1
  return value
}
