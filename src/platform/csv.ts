import { Transform } from 'node:stream'

const quote = 0x22
const lineFeed = 0x0a
const byteOrderMark = Buffer.from('\ufeff')

/**
 * PostgreSQL's CSV as people open it: rows end by CR LF, as RFC 4180 has it, while line breaks inside a cell stay as they
 * are; and a byte order mark comes first, without which Excel reads UTF-8 as Windows-1252. Counts the rows as they pass,
 * the header too.
 */
export class CrlfTransform extends Transform {
  rows = 0
  #quoted = false
  #begun = false

  override _transform(chunk: Buffer, _encoding: string, passOn: (error: null, chunk: Buffer) => void) {
    if (!this.#begun) this.push(byteOrderMark)
    this.#begun = true
    const ends = this.#endsIn(chunk)
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
    passOn(null, out)
  }

  #endsIn(chunk: Buffer): number[] {
    const ends: number[] = []
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === quote) this.#quoted = !this.#quoted
      else if (chunk[i] === lineFeed && !this.#quoted) ends.push(i)
    }
    return ends
  }
}
