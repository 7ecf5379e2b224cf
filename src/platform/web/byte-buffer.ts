/** Collects chunks of bytes. It uses at most twice their size in memory, however small the chunks are. */
export class ByteBuffer {
  #kept = Buffer.alloc(0)
  #length = 0

  add(chunk: Buffer) {
    const length = this.#length + chunk.length
    if (length > this.#kept.length) this.#kept = Buffer.concat([this.#kept], 2 * length)
    chunk.copy(this.#kept, this.#length)
    this.#length = length
  }

  get bytes(): Buffer {
    return this.#kept.subarray(0, this.#length)
  }
}
