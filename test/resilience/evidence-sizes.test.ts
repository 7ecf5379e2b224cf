import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { Readable } from 'node:stream'
import * as zip from '@zip.js/zip.js'
import { describe, expect, test } from 'vitest'
import { checkEvidence } from '../../public/evidence-check.js'
import * as limits from '../../public/evidence-limits.js'
import { sha256 } from '../../public/noble-sha256.js'
import { writeEvidence } from '../../src/activity/evidence/write.ts'
import {
  columns,
  facts,
  held,
  idOf,
  Kept,
  line,
  newKey,
  row,
  signedPack,
  unpacked,
  zipOf,
} from '../support/packs.ts'

const key = newKey()
const megabyte = 1_000_000

/** Checks a pack, and tells how many bytes of it were hashed: all that is unpacked is, and no more. */
async function checked(pack: Uint8Array) {
  let hashed = 0
  const counting = () => {
    const hash = createHash('sha256')
    return {
      update(bytes: Uint8Array) {
        hashed += bytes.length
        hash.update(bytes)
      },
      digest: () => hash.digest(),
    }
  }
  const finding = await checkEvidence(pack, {
    zip,
    expected: [key.fingerprint],
    sha256: counting,
    verify: async (der, signature, signed) =>
      verify(
        null,
        signed,
        createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }),
        signature,
      ),
  })
  return { ...finding, words: [finding.verdict, ...finding.details].join('\n'), hashed }
}

/** Sixty megabytes of rows, in a pack that Fieldkey wrote. */
const count = 60_000
const largeRow = (n: number) => row(n, randomBytes(30).toString('hex').padEnd(930, 'as often '))
async function largePack() {
  const out = new Kept()
  const rows = function* () {
    yield Buffer.from(line(columns))
    for (let n = 1; n <= count; n++) yield Buffer.from(largeRow(n))
  }
  await writeEvidence(out, Readable.from(rows()), facts, key)
  return out.bytes
}
const large = await largePack()

describe('a pack of sixty megabytes', () => {
  test('is good, and little of it is held at once (fault 2)', async () => {
    const [{ ok, manifest, hashed }, peak] = await held(checked(large))
    expect([ok, manifest?.rows, manifest?.lastId]).toEqual([true, count, idOf(count)])
    expect(hashed).toBeGreaterThan(60 * megabyte)
    expect(peak).toBeLessThan(40 * megabyte)
  })

  test('changed without a change of its size is told to be changed, and too large to say where (fault 2)', async () => {
    const files = await unpacked(large)
    const csv = files.get('activity.csv') ?? Buffer.alloc(0)
    csv.write('forged', csv.length / 2)
    const pack = await zipOf(files, 1)
    files.clear()
    const [{ ok, verdict }, peak] = await held(checked(pack))
    expect([ok, verdict]).toEqual([
      false,
      expect.stringContaining('activity.csv was changed. It is too large to say where'),
    ])
    expect(peak).toBeLessThan(40 * megabyte)
  })

  test('of another size is told to be changed without being unpacked (fault 2)', async () => {
    const files = await unpacked(large)
    files.set(
      'activity.csv',
      Buffer.concat([files.get('activity.csv') ?? Buffer.alloc(0), Buffer.from(largeRow(1))]),
    )
    const { ok, verdict, hashed } = await checked(await zipOf(files, 1))
    expect([ok, verdict]).toEqual([false, expect.stringContaining('too large to say where')])
    expect(hashed).toBeLessThan(megabyte)
  })

  test.each(['manifest.sig', 'public-key.pem'])(
    'whose %s does not match it is not unpacked (fault 2)',
    async (name) => {
      const files = await unpacked(large)
      for (const bytes of [Buffer.alloc(64), undefined]) {
        if (bytes) files.set(name, bytes)
        else files.delete(name)
        const { ok, words, hashed } = await checked(await zipOf(files, 1))
        expect([ok, words]).toEqual([false, expect.stringContaining('more than 50 MB: it was not unpacked')])
        expect(hashed).toBeLessThan(megabyte)
      }
    },
  )
})

describe('a pack that lies about itself, and signs it', () => {
  const repeated = (times: number) => {
    const rows = Array.from({ length: 4_000 }, (_, n) => row(n, randomBytes(6).toString('hex').repeat(times)))
    return Buffer.from(line(columns) + rows.join(''))
  }

  test('is not unpacked where it would expand more than any log (fault 2)', async () => {
    const pack = await signedPack(key, repeated(400), { level: 9 })
    expect(pack.length).toBeGreaterThan(20_000_000 / 200) // a hundred times is too much already
    const { ok, words, hashed } = await checked(pack)
    expect([ok, words]).toEqual([
      false,
      expect.stringMatching(/activity\.csv would expand to more than 30 times .* not unpacked/),
    ])
    expect(hashed).toBeLessThan(megabyte)
  })

  test('is unpacked as far as it said, and no further (fault 2)', async () => {
    const [real, said] = [60 * megabyte, 5 * megabyte]
    const pack = await signedPack(key, Buffer.alloc(real), {
      level: 1,
      manifest: { csv: { sha256: '', bytes: said, header: '' } },
    })
    const size = Buffer.alloc(4)
    size.writeUInt32LE(real)
    for (let at = pack.indexOf(size); at !== -1; at = pack.indexOf(size, at + 1)) pack.writeUInt32LE(said, at)
    const { ok, words, hashed } = await checked(pack)
    expect([ok, words]).toEqual([false, expect.stringContaining('activity.csv is damaged')])
    expect(hashed).toBeLessThan(said + megabyte)
  })

  test.each([1_000_000_000, Number.MAX_SAFE_INTEGER, 11, 0, -1])(
    'about its rows, %i of them, is found out by their digests (fault 2)',
    async (rows) => {
      const { ok, words, hashed } = await checked(
        await signedPack(key, Buffer.from(largeRow(1)), { manifest: { rows } }),
      )
      expect([ok, words]).toEqual([false, expect.stringContaining('The manifest tells of other rows')])
      expect(hashed).toBeLessThan(megabyte)
    },
  )

  test('about its rows and their digests alike is found out by the CSV (fault 2)', async () => {
    const csv = Buffer.from(line(columns) + row(1) + row(2) + row(3))
    const said = (rows: number) =>
      signedPack(key, csv, {
        digests: Buffer.alloc(8 * rows),
        manifest: { rows, firstId: idOf(1), lastId: idOf(3) },
      })
    expect((await checked(await said(3))).ok).toBe(true)
    for (const rows of [2, 4])
      expect((await checked(await said(rows))).words).toContain('The manifest tells of other rows')
  })
})

test('a zip that is mostly a directory is not read into memory (fault 2)', async () => {
  const writer = new zip.ZipWriter(new zip.Uint8ArrayWriter())
  const comment = 'x'.repeat(60_000)
  for (let i = 0; i < 10; i++) await writer.add(`file-${i}`, new zip.TextReader('x'), { comment })
  const { ok, verdict } = await checked(await writer.close())
  expect([ok, verdict]).toEqual([
    false,
    'The directory of this zip is larger than that of any evidence pack.',
  ])
})

test('what Fieldkey writes stays far below the limits of its checker (fault 2)', async () => {
  const out = new Kept()
  const agent = 'Mozilla/5.0 (Linux; Android 16) '.repeat(12) // no more of it is recorded
  const rows = Array.from({ length: 5_000 }, (_, n) =>
    line([crypto.randomUUID(), `2026-03-09T09:41:00.${n}Z`, 'sign_in_failed', agent]),
  )
  await writeEvidence(out, Readable.from([Buffer.from(line(columns) + rows.join(''))]), facts, key)
  for (const { filename, ...entry } of await new zip.ZipReader(
    new zip.Uint8ArrayReader(out.bytes),
  ).getEntries())
    expect([filename, entry.uncompressedSize / entry.compressedSize < limits.mostExpansion]).toEqual([
      filename,
      true,
    ])
})

test('the page hashes as Node does, whatever the pieces (fault 2)', () => {
  for (let length = 0; length < 300; length++) {
    const bytes = randomBytes(length)
    const hash = sha256.create()
    for (let at = 0; at < length; at += 37) hash.update(bytes.subarray(at, at + 37))
    expect(Buffer.from(hash.digest())).toEqual(createHash('sha256').update(bytes).digest())
  }
})
