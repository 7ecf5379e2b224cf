import { createHash, createPublicKey, sign } from 'node:crypto'
import { PassThrough, Writable, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ReadableStream } from 'node:stream/web'
import { Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js'
import type { Person } from '../../access/actor.ts'
import type { EvidenceKey } from './keys.ts'
import { packReadme } from './read-me.ts'
import { Rows } from './rows.ts'

/** What is known before the first row: who took what, when, and where the chain stood. */
export interface ExportContext {
  company: string
  madeAt: Date
  madeBy: Person
  /** As it stands in the address of the log. */
  filter: string
  /** Whose entries it can hold: the whole company's, or those about the people of a team. */
  reach: string
  /** By whose clock the days of the filter count. */
  timeZone: string
  /** The people whom the names of the filter meant, by id. */
  people: { actor?: string[]; about?: string[] }
  chain: { headSeq: number; headHash: string; oldestSeq: number }
}

/**
 * Streams a CSV out as an evidence pack: a zip of the CSV, a digest of each row, a manifest, its signature, the public key.
 * When the CSV breaks off, or nobody takes the zip any more, the zip is left without its end and the promise rejects.
 */
export async function writeEvidence(
  out: Writable,
  csv: Readable,
  facts: ExportContext,
  key: EvidenceKey,
): Promise<{ rows: number }> {
  // As a web stream, Node counts its chunks by what was meant for bytes: more than one would hold the whole CSV.
  const zip = new PassThrough({ writableHighWaterMark: 1 })
  const sent = pipeline(zip, out)
  sent.catch(() => csv.destroy())
  csv.on('error', () => {}) // told to whoever reads it, even when it broke before anybody did
  try {
    const rows = await pack(zip, csv, facts, key)
    await sent
    return { rows }
  } catch (error) {
    csv.destroy()
    zip.destroy(error as Error)
    await sent.catch(() => {})
    throw error
  }
}

async function pack(zip: Writable, csv: Readable, facts: ExportContext, key: EvidenceKey): Promise<number> {
  const options = { useWebWorkers: false, extendedTimestamp: false, lastModDate: facts.madeAt }
  const writer = new ZipWriter(Writable.toWeb(zip), options)
  const add = (name: string, bytes: Buffer) => writer.add(name, new Uint8ArrayReader(bytes))

  const rows = new Rows()
  await writer.add('activity.csv', ReadableStream.from(watched(csv, rows)) as ReadableStream<Uint8Array>)
  const { sha256, digests, lastId } = rows.end()
  const words = Buffer.from(packReadme(facts.company, key.fingerprint))
  const manifest = inWords({
    format: 'fieldkey-evidence',
    version: 1,
    ...onlyContext(facts),
    rows: rows.count,
    firstId: rows.firstId,
    lastId,
    csv: { file: 'activity.csv', sha256, bytes: rows.bytes, header: rows.header },
    rowDigests: { file: 'row-digests.bin', sha256: sha256Of(digests) },
    readMe: { file: 'READ-ME.txt', sha256: sha256Of(words) },
    key: { algorithm: 'Ed25519', fingerprint: key.fingerprint },
  })
  await add('row-digests.bin', digests)
  await add('manifest.json', manifest)
  await add('manifest.sig', sign(null, manifest, key.privateKey))
  await add('public-key.pem', publicPem(key))
  await add('READ-ME.txt', words)
  await writer.close()
  return rows.count
}

async function* watched(csv: Readable, rows: Rows) {
  for await (const chunk of csv as AsyncIterable<Buffer>) {
    rows.add(chunk)
    yield chunk
  }
}

/** These and no more: whoever is signed in comes with a session and a role, which are nobody's business here. */
const onlyContext = ({ madeBy: { id, name, email }, chain, ...facts }: ExportContext) => ({
  ...{ company: facts.company, madeAt: facts.madeAt, madeBy: { id, name, email } },
  ...{ filter: facts.filter, reach: facts.reach, timeZone: facts.timeZone, people: facts.people },
  chain: { headSeq: chain.headSeq, headHash: chain.headHash, oldestSeq: chain.oldestSeq },
})

const inWords = (manifest: object) => Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const publicPem = ({ privateKey }: EvidenceKey) =>
  Buffer.from(createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }))
