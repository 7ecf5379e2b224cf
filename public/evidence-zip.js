// @ts-check
// The zip of an evidence pack, read without trusting it: what is larger than it can be is not unpacked, what is unpacked
// ends where the zip said it would, and nothing is held that is not asked for.

import * as limits from './evidence-limits.js'

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

export const parts = [
  'activity.csv',
  'row-digests.bin',
  'manifest.json',
  'manifest.sig',
  'public-key.pem',
  'READ-ME.txt',
]

/** @param {Blob} blob @param {any} zip @returns {Promise<Files | Error>} */
export async function open(blob, zip) {
  if (blob.size > limits.mostPackBytes)
    return new Beyond(`This file is larger than ${inSize(limits.mostPackBytes)}, which no evidence pack is.`)
  try {
    // Strict: refuses a zip in which another program might find other files than this one.
    const options = { strictness: 'strict', useWebWorkers: false }
    const reader = new zip.ZipReader(new (boundedReader(zip))(blob), options)
    const entries = []
    for await (const entry of reader.getEntriesGenerator())
      if (entries.push(entry) > limits.mostFiles)
        return new Beyond(`This zip holds more than ${limits.mostFiles} files, which no evidence pack does.`)
    return new Files(entries)
  } catch (error) {
    return /** @type {Error} */ (error)
  }
}

/**
 * Files are read as streams; what the reader of zips wants in one piece, such as the directory, is small.
 * @param {any} zip @returns {any}
 */
const boundedReader = (zip) =>
  class extends zip.BlobReader {
    /** @param {number} offset @param {number} length */
    async readUint8Array(offset, length) {
      if (length > limits.mostSmallBytes)
        throw new Beyond('The directory of this zip is larger than that of any evidence pack.')
      return super.readUint8Array(offset, length)
    }
  }

/** What is larger than any pack is not looked into. */
class Beyond extends Error {}

/** @param {Blob} blob @param {Error} error */
export async function whyUnreadable(blob, error) {
  if (error instanceof Beyond) return error.message
  const [p, k, three, four] = new Uint8Array(await blob.slice(0, 4).arrayBuffer())
  if (p !== 0x50 || k !== 0x4b || three !== 3 || four !== 4)
    return 'This file is not a zip, and so no evidence pack.'
  if (/ambiguous|overlapping|unsafe/i.test(error.message))
    return `This zip was altered after it was made: other programs may find other files in it (${error.message}).`
  return `This zip is cut short or damaged: it can’t be opened (${error.message}). Download it again.`
}

export class Files {
  /** Why some were not unpacked, one sentence for each. @type {Map<string, string>} */
  #refused = new Map()

  /** @param {any[]} entries */
  constructor(entries) {
    this.entries = entries
    for (const { filename, uncompressedSize, compressedSize } of entries)
      if (uncompressedSize > Math.max(limits.mostExpansion * compressedSize, limits.mostExpanded))
        this.#refuse(
          filename,
          `would expand to more than ${limits.mostExpansion} times its size, as no log does`,
        )
  }

  missing() {
    const there = this.entries.map(({ filename }) => filename)
    const missing = parts.filter((name) => !there.includes(name))
    return missing.map((name) => `${name} is missing from the pack.`)
  }

  damaged() {
    return [...this.#refused.values()]
  }

  /** What no signature covers must not travel with what one does. */
  foreign() {
    const names = this.entries.map(({ filename }) => String(filename))
    const extra = names.filter((name, i) => !parts.includes(name) || names.indexOf(name) !== i)
    return extra.map((name) => `The pack holds a file that does not belong to it: ${name.slice(0, 200)}.`)
  }

  /**
   * What it unpacks to, as the zip says, and no more than that is ever unpacked; nothing where it never is.
   * @param {string} name @returns {number | undefined}
   */
  sizeOf(name) {
    return this.#refused.has(name) ? undefined : this.#entry(name)?.uncompressedSize
  }

  /**
   * Unpacks a file, piece by piece.
   * @param {string} name @param {number} most bytes, unpacked @param {(chunk: Bytes) => void} take
   * @returns {Promise<boolean>} false where it is missing, too large, or cannot be unpacked
   */
  async stream(name, most, take) {
    const entry = this.#entry(name)
    if (!entry || this.#refused.has(name)) return false
    const size = entry.uncompressedSize
    if (size > most) return this.#refuse(name, `has ${inNumber(size)} bytes, more than ${inSize(most)}`)
    try {
      await entry.getData(exactly(size, take), { checkSignature: false })
      return true
    } catch {
      this.#refused.set(name, `${name} is damaged: it can’t be unpacked.`)
      return false
    }
  }

  /** The whole of it. @param {string} name @param {number} most bytes @returns {Promise<Bytes | undefined>} */
  async read(name, most) {
    const size = Math.min(this.sizeOf(name) ?? 0, most)
    const bytes = new Uint8Array(size)
    let length = 0
    const read = await this.stream(name, most, (chunk) => {
      bytes.set(chunk, length)
      length += chunk.length
    })
    return read ? bytes : undefined
  }

  /** @param {string} name */
  small(name) {
    return this.read(name, limits.mostSmallBytes)
  }

  /** @param {string} name */
  #entry(name) {
    return this.entries.find(({ filename }) => filename === name)
  }

  /** @param {string} name @param {string} why */
  #refuse(name, why) {
    if (parts.includes(name)) this.#refused.set(name, `${name} ${why}: it was not unpacked.`)
    return false
  }
}

/** Takes as many bytes as were said to come: one more, or one fewer, is a fault. @param {number} size @param {(chunk: Bytes) => void} take */
function exactly(size, take) {
  let length = 0
  return new WritableStream({
    write(/** @type {Bytes} */ chunk) {
      length += chunk.length
      if (length > size) throw new Error('longer than it says')
      take(chunk)
    },
    close() {
      if (length !== size) throw new Error('shorter than it says')
    },
  })
}

/** @param {number} count */
export const inNumber = (count) => count.toLocaleString('en')

/** @param {number} bytes */
function inSize(bytes) {
  if (bytes >= 1e9) return `${bytes / 1e9} GB`
  return bytes >= 1e6 ? `${bytes / 1e6} MB` : `${bytes / 1e3} kB`
}
