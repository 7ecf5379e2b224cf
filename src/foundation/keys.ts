import { createHmac, hkdfSync } from 'node:crypto'

/** A key of its own for each purpose, made from the first of the session secrets, so that no key serves two ends. */
export function keyFor(purpose: string, [secret]: string[]): Buffer {
  if (secret === undefined) throw new Error('There is no session secret')
  return Buffer.from(hkdfSync('sha256', secret, 'fieldkey', purpose, 32))
}

export function hmac(key: Buffer, value: string): Buffer {
  return createHmac('sha256', key).update(value).digest()
}
