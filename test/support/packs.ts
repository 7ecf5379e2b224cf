import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { Readable, Writable } from 'node:stream'
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, ZipWriter } from '@zip.js/zip.js'
import { fingerprintOf } from '../../src/activity/evidence/keys.ts'
import { writeEvidence } from '../../src/activity/evidence/write.ts'

export const columns = ['id', 'timestamp', 'event', 'details']
export const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

export function newKey() {
  const { privateKey } = generateKeyPairSync('ed25519')
  return { fingerprint: fingerprintOf(privateKey), privateKey }
}

export const facts = {
  company: 'Acme Field',
  madeAt: new Date('2026-03-09T09:41:00.123Z'),
  madeBy: { id: idOf(999), name: 'Aud “the” Auditor', email: 'auditor@firm.test' },
  filter: 'category=security&q=%C3%A9',
  reach: 'the whole company',
  timeZone: 'UTC',
  people: {},
  chain: { headSeq: 12, headHash: createHash('sha256').update('head').digest('hex'), oldestSeq: 1 },
}

export const line = (cells: string[]) =>
  `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`
/** Cells that a careless CSV parser gets wrong. */
const nasty = [
  'plain',
  'a "quoted", word',
  'two\r\nlines',
  '","',
  '"',
  "'=1+1",
  '',
  '\n"\r\n',
  'ä€😀',
  '""\r\n""',
]
export const row = (n: number, details = nasty[n % nasty.length] ?? '') =>
  line([idOf(n), '2026-03-09T09:41:00.000Z', 'sign_in', details])
export const tenRows = Array.from({ length: 10 }, (_, i) => row(i + 1))
export const csvOf = (rows: string[]) => line(columns) + rows.join('')

/** A CSV in chunks of arbitrary boundaries. */
export function stream(csv: string, piece = 7): Readable {
  const bytes = Buffer.from(csv)
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
    })(),
  )
}

export class Kept extends Writable {
  readonly chunks: Buffer[] = []
  override _write(chunk: Buffer, _encoding: string, done: () => void) {
    this.chunks.push(chunk)
    done()
  }
  get bytes() {
    return Buffer.concat(this.chunks)
  }
}

export async function packOf(rows: string[], key = newKey()): Promise<Buffer> {
  const out = new Kept()
  await writeEvidence(out, stream(csvOf(rows)), facts, key)
  return out.bytes
}

type Changes = Record<string, ((bytes: Buffer) => Buffer | string | null) | string>

export async function unpacked(pack: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const entry of await new ZipReader(new Uint8ArrayReader(pack)).getEntries())
    if (!entry.directory) files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())))
  return files
}

/** The pack with some files changed, added, or (null) removed, in a valid zip. */
export async function tampered(pack: Buffer, changes: Changes): Promise<Buffer> {
  const files = await unpacked(pack)
  for (const [name, change] of Object.entries(changes)) {
    const changed = typeof change === 'string' ? change : change(files.get(name) ?? Buffer.alloc(0))
    if (changed === null) files.delete(name)
    else files.set(name, Buffer.from(changed))
  }
  const writer = new ZipWriter(new Uint8ArrayWriter())
  for (const [name, bytes] of files) await writer.add(name, new Uint8ArrayReader(bytes))
  return Buffer.from(await writer.close())
}

/** Values that a manifest may hold as an id, and no export does. */
export const oddIds: [string, unknown][] = [
  ['a number', 5],
  ['a fraction', 1.5],
  ['a number beyond all', 1e308],
  ['true', true],
  ['nothing', null],
  ['left out', undefined],
  ['an empty list', []],
  ['a list of ids', [idOf(1)]],
  ['a list in a list', [[[]]]],
  ['an object', { toString: 'x', length: 1 }],
  ['empty', ''],
  ['another', 'not this one'],
  ['fifty thousand characters', 'x'.repeat(50_000)],
]

interface Signed {
  digests?: Buffer
  /** Replaces parts of the manifest. */
  manifest?: Record<string, unknown>
  /** The compression level; 0 means none. */
  level?: number
}

/** A correctly signed pack with arbitrary contents. */
export async function signedPack(
  key: ReturnType<typeof newKey>,
  csv: Buffer,
  { digests = Buffer.alloc(80), manifest: changes = {}, level = 0 }: Signed = {},
): Promise<Buffer> {
  const files = await unpacked(await packOf(tenRows, key))
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const told = JSON.parse(String(files.get('manifest.json'))) as Record<string, object>
  const contents = {
    csv: { ...told.csv, sha256: sha256(csv), bytes: csv.length },
    rowDigests: { ...told.rowDigests, sha256: sha256(digests) },
  }
  const manifest = Buffer.from(JSON.stringify({ ...told, ...contents, ...changes }))
  files.set('activity.csv', csv).set('row-digests.bin', digests)
  files.set('manifest.json', manifest).set('manifest.sig', sign(null, manifest, key.privateKey))
  return zipOf(files, level)
}

export async function zipOf(files: Map<string, Buffer>, level: number): Promise<Buffer> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { level, dataDescriptor: false })
  for (const [name, bytes] of files) await writer.add(name, new Uint8ArrayReader(bytes))
  return Buffer.from(await writer.close())
}

/** The peak of memory outside the heap while the work runs. */
export async function held<T>(work: Promise<T>): Promise<[T, number]> {
  const before = process.memoryUsage().arrayBuffers
  let peak = 0
  const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage().arrayBuffers - before)), 5)
  const answer = await work
  clearInterval(watching)
  return [answer, peak]
}
