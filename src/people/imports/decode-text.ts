export type Encoding = 'UTF-8' | 'UTF-16' | 'Windows-1252'

export interface Decoded {
  text: string
  encoding: Encoding
}

const sampleSize = 2_000

/** Decodes a file by its byte order mark, by the position of zero bytes, as UTF-8, or else as Windows-1252. */
export function decode(bytes: Buffer): Decoded {
  const wide = wideEncoding(bytes)
  if (wide) return { text: new TextDecoder(wide).decode(bytes), encoding: 'UTF-16' }
  const text = new TextDecoder('utf-8').decode(bytes)
  const hasByteOrderMark = bytes.subarray(0, 3).toString('hex') === 'efbbbf'
  if (hasByteOrderMark || isMostlyValid(text)) return { text, encoding: 'UTF-8' }
  return { text: fromWindows1252(bytes), encoding: 'Windows-1252' }
}

/** In UTF-16 every second byte of ordinary text is zero. */
function wideEncoding(bytes: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const mark = bytes.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return 'utf-16le'
  if (mark === 'feff') return 'utf-16be'
  const sample = bytes.subarray(0, sampleSize)
  const zeros = [0, 0]
  sample.forEach((byte, i) => byte === 0 && zeros[i % 2]!++)
  const [even = 0, odd = 0] = zeros
  if (odd > sample.length / 4 && even * 10 < odd) return 'utf-16le'
  return even > sample.length / 4 && odd * 10 < even ? 'utf-16be' : undefined
}

/** UTF-8 with a few invalid bytes is still UTF-8: only the rows with those are reported. */
function isMostlyValid(text: string): boolean {
  let broken = 0
  let valid = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0xfffd) broken++
    else if (unit > 0x7f) valid++
  }
  return broken === 0 || valid > broken
}

/** 0x80 to 0x9f, where Windows-1252 differs from Latin-1. Node.js 20 decodes it as Latin-1. */
const special = '€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ'
const windows1252 = Uint16Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x80 && byte < 0xa0 ? special.charCodeAt(byte - 0x80) : byte,
)

/** Uses a table instead of replacements, which are slow for a file with only such bytes. */
function fromWindows1252(bytes: Buffer): string {
  const units = Uint16Array.from(bytes, (byte) => windows1252[byte] ?? 0xfffd)
  return Buffer.from(units.buffer).toString('utf16le')
}
