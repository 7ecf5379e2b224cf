// @ts-check
// Checks an evidence pack without trusting its maker, in a browser and in Node alike. The caller passes the zip reader
// (zip.js), `verify` where the platform cannot check Ed25519, and a faster SHA-256 where it has one.
// Memory is the same for a pack of any size: sizes and signature are checked first, then each file is hashed as a stream.

import { contentFaults, hashOf, hex } from './evidence-contents.js'
import { open, whyUnreadable } from './evidence-zip.js'
import { sha256 as streamed } from './noble-sha256.js'

/**
 * @typedef {object} Manifest
 * @property {string} company
 * @property {string} madeAt
 * @property {{ id: string, name: string, email: string }} madeBy
 * @property {string} filter
 * @property {string} reach
 * @property {string} timeZone
 * @property {number} rows
 * @property {string | null} firstId
 * @property {string | null} lastId
 * @property {{ sha256: string, bytes: number, header: string }} csv
 * @property {{ sha256: string }} rowDigests
 * @property {{ sha256: string }} readMe
 * @property {{ headSeq: number, headHash: string, oldestSeq: number }} chain
 * @property {{ fingerprint: string }} key
 *
 * @typedef {object} Finding
 * @property {boolean} ok
 * @property {boolean} keyKnown whether the key is one of those expected; without any, whose it is stays open
 * @property {string} verdict one sentence: the fault that matters most, or that there is none
 * @property {string[]} details further faults, or what was found good
 * @property {Manifest} [manifest] as it stands in the pack, to be believed only if ok
 * @property {string} [fingerprint] of the key in the pack
 *
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 * @typedef {{ fingerprint: string, since?: string, until?: string }} ExpectedKey the time in which it signed, where that is known
 *
 * @typedef {(key: Bytes, signature: Bytes, signed: Bytes) => Promise<boolean>} Verify key as SPKI DER
 * @typedef {{ update(bytes: Uint8Array): unknown, digest(): Uint8Array }} Hash
 */

/**
 * @param {Blob | Uint8Array} pack
 * @param {{ zip: any, expected?: (string | ExpectedKey)[], verify?: Verify, sha256?: () => Hash }} tools `expected`: keys, any of them will do
 * @returns {Promise<Finding>}
 */
export async function checkEvidence(
  pack,
  { zip, expected = [], verify = verifyHere, sha256 = streamed.create },
) {
  const blob = pack instanceof Uint8Array ? new Blob([/** @type {Bytes} */ (pack)]) : pack
  const files = await open(blob, zip)
  if (files instanceof Error) return bad([await whyUnreadable(blob, files)])

  const bytes = await files.small('manifest.json')
  const signature = await files.small('manifest.sig')
  const pem = await files.small('public-key.pem')
  const key = pem && publicKey(pem)
  const manifest = bytes && readManifest(bytes)
  const fingerprint = key && grouped(hex(hashOf(sha256, key)))
  const keys = expected.map((one) => (typeof one === 'string' ? { fingerprint: one } : one))
  const its = keys.find((one) => bare(one.fingerprint) === bare(fingerprint ?? ''))
  const keyKnown = its !== undefined

  const faults = []
  if (pem && !key) faults.push('public-key.pem holds no public key.')
  if (key && expected.length > 0 && !keyKnown)
    faults.push(`The pack is signed with a foreign key, ${fingerprint}, which is none of the keys expected.`)
  if (its && manifest) faults.push(...timeFaults(its, manifest.madeAt))
  if (key && bytes && signature) faults.push(...(await signatureFaults(verify, key, signature, bytes)))
  if (bytes && !manifest) faults.push('manifest.json is no manifest that this check knows.')
  if (manifest && fingerprint && manifest.key.fingerprint !== fingerprint)
    faults.push('The manifest names another key than the one in the pack.')
  const signed = key !== undefined && signature !== undefined && faults.length === 0
  if (manifest) faults.push(...(await contentFaults({ files, manifest, signed, sha256 })))
  const all = [...files.missing(), ...files.damaged(), ...faults, ...files.foreign()]
  const whole = all.length === 0 && manifest !== undefined && fingerprint !== undefined
  return { ...(whole ? good(manifest, keyKnown, fingerprint) : bad(all)), manifest, fingerprint }
}

/** @param {string[]} faults */
function bad([verdict = 'This evidence pack could not be checked.', ...details]) {
  return { ok: false, keyKnown: false, verdict, details }
}

/** @param {Manifest} manifest @param {boolean} keyKnown @param {string} fingerprint */
function good(manifest, keyKnown, fingerprint) {
  const rows = manifest.rows === 1 ? 'its one row is' : `its ${manifest.rows} rows are`
  const verdict = keyKnown
    ? `This evidence pack is genuine: ${rows} exactly what was exported and signed.`
    : `This evidence pack is whole and ${rows} what was signed, but whose key signed it is still open.`
  const whose = keyKnown
    ? 'The key is one that was expected.'
    : `Compare the fingerprint of its key with what the company tells you through a different channel: ${fingerprint}.`
  return {
    ok: true,
    keyKnown,
    verdict,
    details: ['The signature fits the manifest.', 'All files are as signed.', whose],
  }
}

/* ── the signature ── */

/** @param {Verify} verify @param {Bytes} key @param {Bytes} signature @param {Bytes} signed */
async function signatureFaults(verify, key, signature, signed) {
  try {
    if (await verify(key, signature, signed)) return []
    return [
      'The signature does not fit the manifest: the manifest was changed after it was signed, or the signature was.',
    ]
  } catch {
    return [
      'Signatures can’t be checked here: this browser does not know Ed25519. Use the command: npm run verify-evidence -- FILE',
    ]
  }
}

/** @type {Verify} */
async function verifyHere(key, signature, signed) {
  const imported = await crypto.subtle.importKey('spki', key, { name: 'Ed25519' }, false, ['verify'])
  return crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, signed)
}

/** A key signs from when it is made until it is retired, and so for nobody who finds it later. @param {ExpectedKey} key @param {string} madeAt */
function timeFaults({ since, until }, madeAt) {
  const made = Date.parse(madeAt)
  const within = made >= Date.parse(since ?? madeAt) && made <= Date.parse(until ?? madeAt)
  if (within) return []
  return [
    `Its key did not sign at that time: the pack says it was made ${madeAt}, the key was in use from ${since ?? 'its beginning'} to ${until ?? 'now'}.`,
  ]
}

/** The bytes within a PEM. @param {Bytes} pem */
function publicKey(pem) {
  const body = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/.exec(
    text(pem),
  )?.[1]
  try {
    return body ? Uint8Array.from(atob(body.replace(/\s/g, '')), (char) => char.charCodeAt(0)) : undefined
  } catch {
    return undefined
  }
}

/* ── the manifest ── */

/** @param {Bytes} bytes @returns {Manifest | undefined} */
function readManifest(bytes) {
  try {
    const read = JSON.parse(text(bytes))
    const whole = [
      read.csv.header,
      read.csv.sha256,
      read.rowDigests.sha256,
      read.readMe.sha256,
      read.key.fingerprint,
    ]
    const told = [
      read.company,
      read.madeAt,
      read.filter,
      read.reach,
      read.timeZone,
      read.madeBy.name,
      read.madeBy.email,
    ]
    const counts = [read.rows, read.csv.bytes, read.chain.headSeq, read.chain.oldestSeq]
    const ids = [read.firstId, read.lastId].every((id) => id === null || typeof id === 'string')
    const known = read.format === 'fieldkey-evidence' && read.version === 1
    const words = [...whole, ...told, read.chain.headHash].every((value) => typeof value === 'string')
    return known && words && ids && counts.every(Number.isSafeInteger) ? read : undefined
  } catch {
    return undefined
  }
}

/* ── small things ── */

/** @param {Bytes} bytes */
const text = (bytes) => new TextDecoder().decode(bytes)
/** @param {string} digits */
const grouped = (digits) => digits.match(/.{4}/g)?.join('-') ?? ''
/** A fingerprint however it was copied. @param {string} fingerprint */
export const bare = (fingerprint) => fingerprint.toLowerCase().replace(/[^0-9a-f]/g, '')
