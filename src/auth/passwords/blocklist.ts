import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { foldPassword } from './fold-password.ts'
import { isGuessable } from './guessable.ts'

// Printed by .build/blocklist.js, which makes the file: sorted 8-byte SHA-256 prefixes, one an entry.
const expectedSha256 = '3bb269dcc55cbff2d3e1b08193d9fff0052d209ebf2cfa183e63c95058b588ea'
const prefixLength = 8
const list = loadBlocklist(new URL('./blocklist.bin', import.meta.url))

/**
 * Whether a password is among those that are guessed first: the 54,863 commonest of 12 characters or more, or one
 * made from a common word, row of keys or run in the usual ways. Compared whole, never in part: as it stands, capitals
 * aside, and folded, so that a space at its end or letters of full width make no other password of it.
 * ASVS 6.2.4 and 6.2.12, NIST SP 800-63B-4 §3.1.1.2.
 */
export function isCommonPassword(candidate: string): boolean {
  const [asItStands, withoutDisguise] = [candidate.normalize('NFC').toLowerCase(), foldPassword(candidate)]
  if (isGuessedFirst(asItStands)) return true
  return withoutDisguise.length !== 1 && isGuessedFirst(withoutDisguise) // one letter in many spaces is no run of it
}

const isGuessedFirst = (form: string): boolean => containsHash(list, sha256(form)) || isGuessable(form)

/** Fails closed: with a list other than the pinned one the program does not start. */
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
