import { createHmac, hkdfSync } from 'node:crypto'

/** A key of its own for each purpose, made from the session secret, so that no key serves two ends. */
export function keyFor(purpose: string, secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'fieldkey', purpose, 32))
}

export function hmac(key: Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value).digest()
}
