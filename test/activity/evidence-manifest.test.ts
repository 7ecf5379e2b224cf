import { execFile } from 'node:child_process'
import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as zip from '@zip.js/zip.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkEvidence } from '../../public/evidence-check.js'
import { csvOf, idOf, newKey, oddIds, signedPack, tenRows } from '../support/packs.ts'

const key = newKey()
const csv = Buffer.from(csvOf(tenRows))
const home = path.resolve(import.meta.dirname, '../..')
const whole = { firstId: idOf(1), lastId: idOf(10) }
const saying = (manifest: Record<string, unknown>) =>
  signedPack(key, csv, { manifest: { ...whole, ...manifest } })

async function sentences(pack: Buffer): Promise<string[]> {
  const { ok, verdict, details } = await checkEvidence(pack, {
    zip,
    expected: [key.fingerprint],
    verify: async (der, signature, signed) =>
      verify(
        null,
        signed,
        createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }),
        signature,
      ),
  })
  expect(ok).toBe(false)
  return [verdict, ...details]
}

describe.each(['firstId', 'lastId'])('a manifest that is signed and whose %s is', (name) => {
  test.each(oddIds)('%s is answered with a sentence (fault 2)', async (_, value) => {
    for (const sentence of await sentences(await saying({ [name]: value })))
      expect(sentence).toMatch(/^(manifest\.json is no manifest|The manifest tells of other rows).*\.$/)
  })
})

test.each<[string, Record<string, unknown>]>([
  ['rows in words', { rows: '10' }],
  ['half a row', { rows: 10.5 }],
  ['rows without number', { rows: null }],
  ['more rows than can be counted', { rows: 1e300 }],
  ['no CSV', { csv: null }],
  ['a CSV of words', { csv: 'activity.csv' }],
  ['a size in words', { csv: { sha256: '', bytes: '900', header: '' } }],
  ['a header that is a list', { csv: { sha256: '', bytes: csv.length, header: ['id'] } }],
  ['nobody who made it', { madeBy: null }],
  ['a list for a chain', { chain: [] }],
  ['a key that is a number', { key: 5 }],
  ['no day on which it was made', { madeAt: 'yesterday' }],
])('a manifest that is signed and names %s is answered with a sentence (fault 2)', async (_, manifest) => {
  for (const sentence of await sentences(await saying(manifest)))
    expect(sentence).toMatch(/^(manifest\.json|The manifest|Its key|activity\.csv) .*\.$/)
})

test('the command answers odd ids with a sentence too (fault 2)', { timeout: 120_000 }, async () => {
  // Each is tried above without a process of its own.
  for (const [name, value] of [oddIds[0], oddIds.at(-1)].filter((each) => each !== undefined)) {
    const { code, said, errors } = await command(await saying({ firstId: value }))
    expect([name, code, errors]).toEqual([name, 1, ''])
    expect(said).toMatch(/^WRONG: (manifest\.json is no manifest|The manifest tells of other rows)/)
  }
})

function command(pack: Buffer) {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-manifest-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'pack.zip')
  writeFileSync(file, pack)
  const node = [
    '--import',
    './src/typescript.js',
    'src/commands/verify-evidence.ts',
    file,
    '--key',
    key.fingerprint,
  ]
  const env = { PATH: process.env.PATH, DATA_DIR: folder }
  return new Promise<{ code: number; said: string; errors: string }>((resolve) => {
    execFile(process.execPath, node, { cwd: home, env }, (error, said, errors) =>
      resolve({ code: Number(error?.code ?? 0), said, errors }),
    )
  })
}
