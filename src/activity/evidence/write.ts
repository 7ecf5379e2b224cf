import { createHash, createPublicKey, sign } from 'node:crypto'
import { PassThrough, Writable, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ReadableStream } from 'node:stream/web'
import { Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js'
import type { Person } from '../../access/actor.ts'
import type { EvidenceKey } from './keys.ts'
import { packReadme } from './read-me.ts'
import { Rows } from './rows.ts'

/** The context of an export, known before its first row. */
export interface ExportContext {
  company: string
  madeAt: Date
  madeBy: Person
  /** As in the address of the log. */
  filter: string
  /** The entries that it can contain: the whole company's, or those about the people of a team. */
  reach: string
  /** The time zone that the days of the filter use. */
  timeZone: string
  /** The people that the names in the filter matched, by id. */
  people: { actor?: string[]; about?: string[] }
  chain: { headSeq: number; headHash: string; oldestSeq: number }
}

/**
 * Streams a CSV as an evidence pack: a zip of the CSV, a digest of each row, a manifest, its signature, and the
 * public key. If the CSV breaks off, or the reader goes away, the zip stays incomplete and the promise rejects.
 */
export async function writeEvidence(
  out: Writable,
  csv: Readable,
  context: ExportContext,
  key: EvidenceKey,
): Promise<{ rows: number }> {
  // As a web stream, Node counts chunks instead of bytes: a higher mark would hold the whole CSV in memory.
  const zip = new PassThrough({ writableHighWaterMark: 1 })
  const sent = pipeline(zip, out)
  sent.catch(() => csv.destroy())
  csv.on('error', () => {}) // the reader of the CSV handles it, even if it fails before anyone reads
  try {
    const rows = await pack(zip, csv, context, key)
    await sent
    return { rows }
  } catch (error) {
    csv.destroy()
    zip.destroy(error as Error)
    await sent.catch(() => {})
    throw error
  }
}

async function pack(zip: Writable, csv: Readable, context: ExportContext, key: EvidenceKey): Promise<number> {
  const options = { useWebWorkers: false, extendedTimestamp: false, lastModDate: context.madeAt }
  const writer = new ZipWriter(Writable.toWeb(zip), options)
  const add = (name: string, bytes: Buffer) => writer.add(name, new Uint8ArrayReader(bytes))

  const rows = new Rows()
  await writer.add('activity.csv', ReadableStream.from(countingRows(csv, rows)) as ReadableStream<Uint8Array>)
  const { sha256, digests, lastId } = rows.end()
  const readMe = Buffer.from(packReadme(context.company, key.fingerprint))
  const manifest = toJson({
    format: 'fieldkey-evidence',
    version: 1,
    ...onlyContext(context),
    rows: rows.count,
    firstId: rows.firstId,
    lastId,
    csv: { file: 'activity.csv', sha256, bytes: rows.bytes, header: rows.header },
    rowDigests: { file: 'row-digests.bin', sha256: sha256Of(digests) },
    readMe: { file: 'READ-ME.txt', sha256: sha256Of(readMe) },
    key: { algorithm: 'Ed25519', fingerprint: key.fingerprint },
  })
  await add('row-digests.bin', digests)
  await add('manifest.json', manifest)
  await add('manifest.sig', sign(null, manifest, key.privateKey))
  await add('public-key.pem', publicPem(key))
  await add('READ-ME.txt', readMe)
  await writer.close()
  return rows.count
}

async function* countingRows(csv: Readable, rows: Rows) {
  for await (const chunk of csv as AsyncIterable<Buffer>) {
    rows.add(chunk)
    yield chunk
  }
}

/** Copies only these fields: the actor also has a session and a role, which do not belong in a pack. */
const onlyContext = ({ madeBy: { id, name, email }, chain, ...context }: ExportContext) => ({
  company: context.company,
  madeAt: context.madeAt,
  madeBy: { id, name, email },
  filter: context.filter,
  reach: context.reach,
  timeZone: context.timeZone,
  people: context.people,
  chain: { headSeq: chain.headSeq, headHash: chain.headHash, oldestSeq: chain.oldestSeq },
})

const toJson = (manifest: object) => Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const publicPem = ({ privateKey }: EvidenceKey) =>
  Buffer.from(createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }))
