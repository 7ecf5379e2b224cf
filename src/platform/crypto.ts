import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/** A key of its own for each purpose, made from the first of the session secrets, so that no key serves two ends. */
export function keyFor(purpose: string, [secret]: string[]): Buffer {
  if (secret === undefined) throw new Error('There is no session secret')
  return Buffer.from(hkdfSync('sha256', secret, 'fieldkey', purpose, 32))
}

export function hmac(key: Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value).digest()
}

/** Compares a signature that was sent, in the same time wherever it differs. */
export function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Seals a secret so that only this key opens it, and only under the same name: `nonce | tag | sealed`, AES-256-GCM. */
export function seal(key: Buffer, name: string, secret: Buffer): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** What was sealed, or nothing where key or name is another, or the sealed bytes were changed. */
export function unseal(key: Buffer, name: string, sealed: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(12, 28))
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
  } catch {
    return undefined
  }
}
