import { Transform } from 'node:stream'

const quote = 0x22
const lineFeed = 0x0a
const byteOrderMark = Buffer.from('\ufeff')

/**
 * Makes PostgreSQL's CSV readable by office programs: rows end with CR LF (RFC 4180), while line breaks inside a cell
 * stay as they are. A byte order mark comes first: without it Excel reads UTF-8 as Windows-1252. Counts the rows, the
 * header included.
 */
export class CrlfTransform extends Transform {
  rows = 0
  #quoted = false
  #started = false

  override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: Buffer) => void) {
    if (!this.#started) this.push(byteOrderMark)
    this.#started = true
    const ends = this.#rowEnds(chunk)
    const out = Buffer.allocUnsafe(chunk.length + ends.length)
    let read = 0
    let written = 0
    for (const end of ends) {
      written += chunk.copy(out, written, read, end)
      written += out.write('\r\n', written)
      read = end + 1
    }
    chunk.copy(out, written, read)
    this.rows += ends.length
    done(null, out)
  }

  #rowEnds(chunk: Buffer): number[] {
    const ends: number[] = []
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === quote) this.#quoted = !this.#quoted
      else if (chunk[i] === lineFeed && !this.#quoted) ends.push(i)
    }
    return ends
  }
}
