// @ts-check
// What a CSV holds, told as it passes: how many rows, and which stand first and last. Nothing else of it is kept.

import { mostRowBytes } from './evidence-limits.js'
import { idOf, lineFeed, quote, rowsFromTheEnd, rowsOf } from './evidence-rows.js'

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** Header and first row, or the last one. */
const kept = 2 * mostRowBytes

export class CsvScan {
  #bytes = 0
  #lines = 0
  #quoted = false
  #endsInLine = false
  /** @type {Bytes[]} */
  #first = []
  /** @type {Bytes[]} */
  #last = []
  #lastBytes = 0

  /** @param {string} header */
  constructor(header) {
    this.header = header
  }

  /** @param {Bytes} chunk */
  add(chunk) {
    if (chunk.length === 0) return
    this.#count(chunk)
    if (this.#bytes < kept) this.#first.push(chunk)
    this.#bytes += chunk.length
    this.#last.push(chunk)
    this.#lastBytes += chunk.length
    while (this.#lastBytes - (this.#last[0]?.length ?? 0) >= kept)
      this.#lastBytes -= this.#last.shift()?.length ?? 0
  }

  /** @param {Bytes} chunk */
  #count(chunk) {
    let [quoted, lines] = [this.#quoted, 0]
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] === quote) quoted = !quoted
      else if (chunk[i] === lineFeed && !quoted) lines++
    }
    this.#quoted = quoted
    this.#lines += lines
    this.#endsInLine = quoted || chunk.at(-1) !== lineFeed
  }

  /** Whether the manifest tells of these rows. @param {{ rows: number, firstId: string | null, lastId: string | null }} manifest */
  fits({ rows, firstId, lastId }) {
    const ends = this.#ends()
    const header = 1
    const found = this.#lines + (this.#endsInLine ? 1 : 0) - header
    return rows === found && firstId === ends.firstId && lastId === ends.lastId
  }

  #ends() {
    const [top, bottom] = [joined(this.#first), joined(this.#last)]
    const rows = rowsOf(top, 0, top.length)
    const heading = rows.next().value
    const from = this.#bytes === bottom.length ? (heading?.next ?? 0) : 0
    return {
      firstId: idOf(top, rows.next().value, this.header),
      lastId: idOf(bottom, rowsFromTheEnd(bottom, from, bottom.length).next().value, this.header),
    }
  }
}

/** @param {Bytes[]} chunks */
function joined(chunks) {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0))
  let length = 0
  for (const chunk of chunks) {
    all.set(chunk, length)
    length += chunk.length
  }
  return all
}
