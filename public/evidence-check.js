// @ts-check
// Checks an evidence pack without trusting whoever made it, in a browser and in Node alike. It needs no
// library: the reader of zips (zip.js) is handed in, and where the platform cannot check Ed25519, so is `verify`.

import { csvFaults, endsOf } from './evidence-rows.js'

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
 */

const parts = [
  'activity.csv',
  'row-digests.bin',
  'manifest.json',
  'manifest.sig',
  'public-key.pem',
  'READ-ME.txt',
]

// What a pack may hold, looked at before anything is expanded: whoever made it may mean no good.
const mostEntries = 20
const mostPackBytes = 2 ** 30
const mostBytes = 2 ** 31
const smallPart = 1_000_000
/** Rows of a log hold ids, times and digests: they are packed down to a tenth, and never to a hundredth. */
const mostExpansion = 100

/**
 * @param {Blob | Uint8Array} pack
 * @param {{ zip: any, expected?: (string | ExpectedKey)[], verify?: Verify }} tools `expected`: keys, any of them will do
 * @returns {Promise<Finding>}
 */
export async function checkEvidence(pack, { zip, expected = [], verify = verifyHere }) {
  const blob = pack instanceof Uint8Array ? new Blob([/** @type {Bytes} */ (pack)]) : pack
  const files = await open(blob, zip)
  if (files instanceof Error) return bad([await whyUnreadable(blob, files)])

  const bytes = await files.small('manifest.json')
  const signature = await files.small('manifest.sig')
  const pem = await files.small('public-key.pem')
  const key = pem && publicKey(pem)
  const manifest = bytes && readManifest(bytes)
  const fingerprint = key && grouped(await sha256(key))
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
  if (manifest) faults.push(...(await contentFaults(files, manifest)))
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
    : `Compare the fingerprint of its key with what the company tells you by another way: ${fingerprint}.`
  return {
    ok: true,
    keyKnown,
    verdict,
    details: ['The signature fits the manifest.', 'All files are as signed.', whose],
  }
}

/* ── the zip ── */

/** @param {Blob} blob @param {any} zip @returns {Promise<Files | Error>} */
async function open(blob, zip) {
  if (blob.size > mostPackBytes)
    return new Beyond('This file is larger than 1 GB, which no evidence pack is.')
  try {
    // Strict: refuses a zip in which another program might find other files than this one.
    const reader = new zip.ZipReader(new zip.BlobReader(blob), { strictness: 'strict', useWebWorkers: false })
    const entries = []
    for await (const entry of reader.getEntriesGenerator())
      if (entries.push(entry) > mostEntries)
        return new Beyond(`This zip holds more than ${mostEntries} files, which no evidence pack does.`)
    return new Files(entries)
  } catch (error) {
    return /** @type {Error} */ (error)
  }
}

/** What is larger than any pack is not looked into. */
class Beyond extends Error {}

/** @param {Blob} blob @param {Error} error */
async function whyUnreadable(blob, error) {
  if (error instanceof Beyond) return error.message
  const [p, k, three, four] = new Uint8Array(await blob.slice(0, 4).arrayBuffer())
  if (p !== 0x50 || k !== 0x4b || three !== 3 || four !== 4)
    return 'This file is not a zip, and so no evidence pack.'
  if (/ambiguous|overlapping|unsafe/i.test(error.message))
    return `This zip was altered after it was made: other programs may find other files in it (${error.message}).`
  return `This zip is cut short or damaged: it can’t be opened (${error.message}). Download it again.`
}

class Files {
  /** @param {any[]} entries */
  constructor(entries) {
    this.entries = entries
    /** @type {string[]} */
    this.unreadable = []
    /** @type {string[]} */
    this.tooLarge = []
  }

  missing() {
    const there = this.entries.map(({ filename }) => filename)
    const missing = parts.filter((name) => !there.includes(name))
    return missing.map((name) => `${name} is missing from the pack.`)
  }

  damaged() {
    return [
      ...this.tooLarge.map((name) => `${name} would be far larger than it can be: it was not unpacked.`),
      ...this.unreadable.map((name) => `${name} is damaged: it can’t be unpacked.`),
    ]
  }

  /** What no signature covers must not travel with what one does. */
  foreign() {
    const names = this.entries.map(({ filename }) => String(filename))
    const extra = names.filter((name, i) => !parts.includes(name) || names.indexOf(name) !== i)
    return extra.map((name) => `The pack holds a file that does not belong to it: ${name}.`)
  }

  /**
   * @param {string} name @param {number} most bytes, unpacked
   * @returns {Promise<Bytes | undefined>} nothing where it is missing, larger, or cannot be unpacked
   */
  async read(name, most) {
    const entry = this.entries.find(({ filename }) => filename === name)
    if (!entry) return undefined
    const size = entry.uncompressedSize
    if (size > Math.min(most, mostExpansion * entry.compressedSize + smallPart)) {
      this.tooLarge.push(name)
      return undefined
    }
    try {
      const bytes = new Uint8Array(size)
      await entry.getData(into(bytes), { checkSignature: false })
      return bytes
    } catch {
      this.unreadable.push(name)
      return undefined
    }
  }

  /** @param {string} name */
  small(name) {
    return this.read(name, smallPart)
  }
}

/** Takes as many bytes as were said to come: one more, or one fewer, is a fault. @param {Bytes} bytes */
function into(bytes) {
  let length = 0
  return new WritableStream({
    write(/** @type {Bytes} */ chunk) {
      bytes.set(chunk, length) // throws when it is too long
      length += chunk.length
    },
    close() {
      if (length !== bytes.length) throw new Error('shorter than it says')
    },
  })
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
    return body ? Uint8Array.from(atob(body.replace(/\s/g, '')), (letter) => letter.charCodeAt(0)) : undefined
  } catch {
    return undefined
  }
}

/* ── the files that the manifest names ── */

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

/** @param {Files} files @param {Manifest} manifest */
async function contentFaults(files, manifest) {
  const faults = []
  const digests = await files.read('row-digests.bin', Math.min(8 * manifest.rows + smallPart, mostBytes))
  const digestsChanged = digests && hex(await sha256(digests)) !== manifest.rowDigests.sha256
  const csv = await files.read('activity.csv', Math.min(2 * manifest.csv.bytes + smallPart, mostBytes))
  if (csv && hex(await sha256(csv)) === manifest.csv.sha256 && digests) {
    const { firstId, lastId } = endsOf(csv, manifest.csv.header)
    const told = [manifest.rows, manifest.csv.bytes, manifest.firstId, manifest.lastId]
    const found = [digests.byteLength / 8, csv.byteLength, firstId, lastId]
    if (told.join() !== found.join())
      faults.push(
        'The manifest tells of other rows than those in the pack: its count, size, first or last id are not theirs.',
      )
  }
  if (csv && hex(await sha256(csv)) !== manifest.csv.sha256)
    faults.push(
      ...(digests && !digestsChanged
        ? await csvFaults(
            csv,
            new DataView(digests.buffer, digests.byteOffset, digests.byteLength),
            manifest.csv.header,
          )
        : [
            'activity.csv was changed. Which row can’t be told, since the digests of the rows are not as signed either.',
          ]),
    )
  if (digestsChanged) faults.push('row-digests.bin was changed.')
  const readMe = await files.small('READ-ME.txt')
  if (readMe && hex(await sha256(readMe)) !== manifest.readMe.sha256) faults.push('READ-ME.txt was changed.')
  return faults
}

/* ── small things ── */

/** @param {Bytes} bytes */
const text = (bytes) => new TextDecoder().decode(bytes)
/** @param {Bytes} bytes */
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
/** @param {Bytes} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
/** @param {Bytes} bytes */
const grouped = (bytes) => hex(bytes).match(/.{4}/g)?.join('-') ?? ''
/** A fingerprint however it was copied. @param {string} fingerprint */
export const bare = (fingerprint) => fingerprint.toLowerCase().replace(/[^0-9a-f]/g, '')
