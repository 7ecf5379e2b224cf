import { createHash } from 'node:crypto'

const quote = 0x22
const lineFeed = 0x0a
const digestBytes = 8

/**
 * Reads a CSV as it streams: collects what the manifest needs and a short digest of each row. It holds one row at
 * most.
 */
export class Rows {
  bytes = 0
  count = 0
  header = ''
  firstId: string | null = null
  #idColumn = -1
  #last: Buffer | undefined
  #rest: Buffer[] = []
  #quoted = false
  #headerSeen = false
  readonly #whole = createHash('sha256')
  #digests = Buffer.alloc(1024 * digestBytes)

  add(chunk: Buffer) {
    this.bytes += chunk.length
    this.#whole.update(chunk)
    let start = 0
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === quote) this.#quoted = !this.#quoted
      if (chunk[i] !== lineFeed || this.#quoted) continue
      this.#row(Buffer.concat([...this.#rest.splice(0), chunk.subarray(start, i + 1)]))
      start = i + 1
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start))
  }

  /** The hash, the digests and the last id of the whole CSV. */
  end() {
    if (this.#rest.length > 0) this.#row(Buffer.concat(this.#rest.splice(0)))
    if (!this.#headerSeen) throw new Error('The CSV is empty: it has no header')
    return {
      sha256: this.#whole.digest('hex'),
      digests: this.#digests.subarray(0, this.count * digestBytes),
      lastId: this.#last ? this.#id(this.#last) : null,
    }
  }

  #row(withLineEnd: Buffer) {
    const row = withoutLineEnd(withLineEnd)
    if (!this.#headerSeen) return this.#readHeader(row)
    if (this.count === 0) this.firstId = this.#id(row)
    this.#addDigest(createHash('sha256').update(row).digest())
    this.#last = row
    this.count++
  }

  #readHeader(row: Buffer) {
    this.#headerSeen = true
    this.header = row.toString().replace(/^\uFEFF/, '')
    this.#idColumn = cells(this.header).indexOf('id')
  }

  #addDigest(digest: Buffer) {
    const at = this.count * digestBytes
    if (at === this.#digests.length) this.#digests = Buffer.concat([this.#digests], 2 * at)
    digest.copy(this.#digests, at, 0, digestBytes)
  }

  #id = (row: Buffer) => cells(row.toString())[this.#idColumn] ?? null
}

function withoutLineEnd(row: Buffer): Buffer {
  if (row.at(-1) !== lineFeed) return row
  return row.subarray(0, row.at(-2) === 0x0d ? -2 : -1)
}

const cells = (row: string) =>
  [...`${row},`.matchAll(/(?:"([^"]*(?:""[^"]*)*)"|([^,"]*)),/g)].map(
    ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare,
  )
