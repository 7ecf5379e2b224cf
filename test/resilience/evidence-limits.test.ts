import { spawnSync } from 'node:child_process'
import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as zip from '@zip.js/zip.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkEvidence } from '../../public/evidence-check.js'
import {
  columns,
  csvOf,
  held,
  line,
  newKey,
  packOf,
  signedPack,
  tampered,
  tenRows,
  unpacked,
  zipOf,
} from '../support/packs.ts'

const key = newKey()
const pack = await packOf(tenRows, key)
const megabyte = 2 ** 20
const home = path.resolve(import.meta.dirname, '../..')

const byNode = async (der: Uint8Array, signature: Uint8Array, signed: Uint8Array) =>
  verify(null, signed, createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }), signature)
const check = (bytes: Uint8Array) =>
  checkEvidence(bytes, { zip, expected: [key.fingerprint], verify: byNode })

describe('a pack is bounded before it is expanded', () => {
  test('of five hundred files none is unpacked, and few are named (fault 2)', async () => {
    const files = await unpacked(pack)
    for (let i = 0; i < 500; i++) files.set(`more/${i}`, Buffer.alloc(0))
    const { ok, verdict, details } = await check(await zipOf(files, 0))
    expect(ok).toBe(false)
    expect(verdict).toContain('holds more than 20 files')
    expect(details.length).toBeLessThan(5)
  })

  test.each(['activity.csv', 'row-digests.bin', 'manifest.json', 'READ-ME.txt', 'public-key.pem'])(
    'what %s would expand to two hundred times its size is not (fault 2)',
    async (name) => {
      const files = await unpacked(pack)
      const [finding, peak] = await held(check(await zipOf(files.set(name, Buffer.alloc(400 * megabyte)), 9)))
      expect(finding.ok).toBe(false)
      expect([finding.verdict, ...finding.details].join()).toMatch(new RegExp(`${name}.* not unpacked`))
      expect(peak).toBeLessThan(20 * megabyte)
    },
    60_000,
  )

  test('the same signed by who made it, which proves nothing (fault 2)', async () => {
    const zeros = Buffer.alloc(40 * megabyte)
    const bomb = await signedPack(key, zeros, { level: 1 })
    const [finding, peak] = await held(check(bomb))
    expect([finding.verdict, ...finding.details].join()).toContain('activity.csv')
    expect(finding.ok).toBe(false)
    expect(peak).toBeLessThan(20 * megabyte)
  }, 60_000)

  test('a file that says it is small and is not ends where it said (fault 2)', async () => {
    const files = await unpacked(pack)
    const real = 40 * megabyte
    const lying = await zipOf(files.set('activity.csv', Buffer.alloc(real)), 1)
    const size = Buffer.alloc(4)
    size.writeUInt32LE(real)
    for (let at = lying.indexOf(size); at !== -1; at = lying.indexOf(size, at + 1))
      lying.writeUInt32LE(1000, at)
    const [finding, peak] = await held(check(lying))
    expect(finding.ok).toBe(false)
    expect(peak).toBeLessThan(20 * megabyte)
  }, 60_000)

  test('of two million changed rows it is said that they were changed, and not which (fault 2)', async () => {
    const csv = Buffer.from(
      line(columns) +
        randomBytes(4 * megabyte)
          .toString('hex')
          .replace(/.{4}/g, '$&\n'),
    )
    const bytes = await signedPack(key, csv, {
      digests: randomBytes(8 * 2_000_000),
      manifest: { rows: 2_000_000 },
    })
    const other = await tamperedCsv(bytes, csv.subarray(0, -5))
    const { ok, verdict } = await check(other)
    expect([ok, verdict]).toEqual([false, expect.stringContaining('activity.csv was changed')])
    expect(verdict).toContain('too large to say where')
  }, 60_000)

  test('a row of half a million quotation marks is judged at once (fault 2)', async () => {
    const csv = Buffer.from(csvOf(tenRows) + '"'.repeat(500_001))
    const { ok, verdict } = await check(await tamperedCsv(pack, csv))
    expect([ok, verdict]).toEqual([false, expect.stringContaining('activity.csv')])
  }, 20_000)

  test('a row longer than any is read no further than needed (fault 2)', async () => {
    const csv = Buffer.concat([Buffer.from(csvOf(tenRows)), randomBytes(30 * megabyte)])
    expect((await check(await tamperedCsv(pack, csv))).ok).toBe(false)
  }, 20_000)
})

async function tamperedCsv(bytes: Buffer, csv: Buffer) {
  return zipOf((await unpacked(bytes)).set('activity.csv', csv), 0)
}

describe('the command', { timeout: 60_000 }, () => {
  const run = (file: string) =>
    spawnSync(
      process.execPath,
      ['--import', './src/typescript.js', 'src/commands/verify-evidence.ts', file],
      {
        cwd: home,
        encoding: 'utf8',
        timeout: 30_000,
        env: { PATH: process.env.PATH, DATA_DIR: tmpdir() },
      },
    )

  test('reads no folder and no device, and says so (fault 2)', () => {
    for (const file of [tmpdir(), '/dev/zero', '/dev/stdin']) {
      const { status, stdout, stderr } = run(file)
      expect([file, status === 1 || status === 2]).toEqual([file, true])
      expect(stdout + stderr).toMatch(/no zip|can’t be read/)
      expect(stderr).not.toContain('    at ')
    }
  })

  test('is not led to expand a bomb either (fault 2)', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-bomb-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = path.join(folder, 'bomb.zip')
    writeFileSync(file, await signedPack(key, Buffer.alloc(40 * megabyte), { level: 1 }))
    const { status, stdout } = run(file)
    expect([status, stdout]).toEqual([1, expect.stringMatching(/^WRONG: activity\.csv .*not unpacked/)])
  })
})

test('a whole pack is good as before (fault 2)', async () => {
  expect((await check(pack)).ok).toBe(true)
  expect((await check(await tampered(pack, {}))).ok).toBe(true)
})
