import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { foldPassword } from './fold-password.ts'
import { isGuessable } from './guessable.ts'

// Printed by .build/blocklist.js, which makes the file: sorted 8-byte SHA-256 prefixes, one an entry.
const expectedSha256 = '3bb269dcc55cbff2d3e1b08193d9fff0052d209ebf2cfa183e63c95058b588ea'
const prefixLength = 8
const list = loadBlocklist(new URL('./blocklist.bin', import.meta.url))

/**
 * Whether a password is among those that attackers guess first: the 54,863 most common of 12 characters or more, or
 * one made from a common word, row of keys or run in the usual ways. It is always compared whole, in two forms:
 * lower cased, and folded, so that a space at its end or full-width characters do not make it another password.
 * ASVS 6.2.4 and 6.2.12, NIST SP 800-63B-4 §3.1.1.2.
 */
export function isCommonPassword(candidate: string): boolean {
  const [lowerCased, folded] = [candidate.normalize('NFC').toLowerCase(), foldPassword(candidate)]
  if (isGuessedFirst(lowerCased)) return true
  return folded.length !== 1 && isGuessedFirst(folded) // one character among many spaces is not a run
}

const isGuessedFirst = (form: string): boolean => containsHash(list, sha256(form)) || isGuessable(form)

/** Fails closed: with any other list the app does not start. */
export function loadBlocklist(file: URL): Buffer {
  const bytes = readFileSync(file)
  if (sha256(bytes).toString('hex') === expectedSha256) return bytes
  throw new Error(
    'The list of common passwords, blocklist.bin, is not the one that this version was built with. ' +
      'Put the original back, or make it again with node .build/blocklist.js.',
  )
}

function containsHash(sorted: Buffer, hash: Buffer): boolean {
  const wanted = hash.readBigUInt64BE()
  let low = 0
  let high = sorted.length / prefixLength
  while (low < high) {
    const middle = (low + high) >>> 1
    const found = sorted.readBigUInt64BE(middle * prefixLength)
    if (found === wanted) return true
    if (found < wanted) low = middle + 1
    else high = middle
  }
  return false
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}
