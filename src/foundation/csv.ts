import { Transform } from 'node:stream'

const quote = 0x22
const lineFeed = 0x0a

/**
 * Ends the rows of PostgreSQL's CSV as RFC 4180 has it, by CR LF; line breaks inside a cell stay as they are. Counts
 * the rows as they pass, the header too.
 */
export class RowEnds extends Transform {
  rows = 0
  #quoted = false

  override _transform(chunk: Buffer, _encoding: string, passOn: (error: null, chunk: Buffer) => void) {
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
