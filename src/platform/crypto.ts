import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto'

/** Derives a separate key for each purpose from the first session secret, so that no key has two uses. */
export function keyFor(purpose: string, [secret]: string[]): Buffer {
  if (secret === undefined) throw new Error('There is no session secret')
  return Buffer.from(hkdfSync('sha256', secret, 'fieldkey', purpose, 32))
}

export function hmac(key: Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value).digest()
}

/** Compares a signature in constant time. */
export function isSame(actual: string, expected: string): boolean {
  const [one, other] = [Buffer.from(actual), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Encrypts a secret with AES-256-GCM: `nonce | tag | ciphertext`. Only the same key and the same name decrypt it. */
export function seal(key: Buffer, name: string, secret: Buffer): Buffer {
  const nonce = Buffer.from(randomText(12, 'hex'), 'hex')
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** Decrypts a sealed secret. Undefined for another key, another name, or changed bytes. */
export function unseal(key: Buffer, name: string, sealed: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
    decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(12, 28))
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
  } catch {
    return undefined
  }
}

const stock = Buffer.alloc(4_096)
let taken = stock.length

/** So many random bytes as text. They are taken from a stock, since asking the system costs more than the bytes. */
export function randomText(bytes: number, encoding: 'base64url' | 'hex'): string {
  if (taken + bytes > stock.length) {
    randomFillSync(stock)
    taken = 0
  }
  const text = stock.toString(encoding, taken, taken + bytes)
  stock.fill(0, taken, taken + bytes)
  taken += bytes
  return text
}
