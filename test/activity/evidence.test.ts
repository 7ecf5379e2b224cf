import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import * as zip from '@zip.js/zip.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkEvidence } from '../../public/evidence-check.js'
import { writeEvidence } from '../../src/activity/evidence/write.ts'
import {
  columns,
  csvOf,
  facts,
  idOf,
  Kept,
  line,
  newKey,
  packOf,
  row,
  stream,
  tampered,
  tenRows,
  unpacked,
} from '../support/packs.ts'

const key = newKey()
const pack = await packOf(tenRows, key)
const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const home = path.resolve(import.meta.dirname, '../..')

const byNode = async (der: Uint8Array, signature: Uint8Array, signed: Uint8Array) =>
  verify(null, signed, createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }), signature)
const check = (bytes: Uint8Array, expected = [key.fingerprint]) =>
  checkEvidence(bytes, { zip, expected, verify: byNode })
const verdict = async (bytes: Uint8Array) => {
  const { ok, verdict } = await check(bytes)
  expect(ok).toBe(false)
  return verdict
}
const withCsv = (csv: string | Buffer) => tampered(pack, { 'activity.csv': () => Buffer.from(csv) })
const verdictOf = async (rows: string[]) => verdict(await withCsv(csvOf(rows)))
const without = (...numbers: number[]) => tenRows.filter((_, i) => !numbers.includes(i + 1))
const instead = (n: number, ...others: string[]) => tenRows.toSpliced(n - 1, 1, ...others)

describe('an evidence pack', () => {
  test('holds the CSV to the byte, and a manifest that says whose, when, which part and how far the chain had come', async () => {
    const files = await unpacked(pack)
    expect([...files.keys()]).toEqual([
      ...[
        'activity.csv',
        'row-digests.bin',
        'manifest.json',
        'manifest.sig',
        'public-key.pem',
        'READ-ME.txt',
      ],
    ])
    expect(files.get('activity.csv')?.toString()).toBe(csvOf(tenRows))
    const sha256 = (bytes: Buffer | string = '') => createHash('sha256').update(bytes).digest('hex')
    expect(JSON.parse(String(files.get('manifest.json')))).toEqual({
      ...{ format: 'fieldkey-evidence', version: 1, ...facts, madeAt: '2026-03-09T09:41:00.123Z' },
      ...{
        rows: 10,
        firstId: idOf(1),
        lastId: idOf(10),
        key: { algorithm: 'Ed25519', fingerprint: key.fingerprint },
      },
      csv: {
        ...{ file: 'activity.csv', sha256: sha256(csvOf(tenRows)), bytes: Buffer.byteLength(csvOf(tenRows)) },
        header: line(columns).trim(),
      },
      rowDigests: { file: 'row-digests.bin', sha256: sha256(files.get('row-digests.bin')) },
      readMe: { file: 'READ-ME.txt', sha256: sha256(files.get('READ-ME.txt')) },
    })
    const digests = tenRows.map((each) => sha256(each.slice(0, -2)).slice(0, 16))
    expect(files.get('row-digests.bin')?.toString('hex')).toBe(digests.join(''))
  })

  test.each([0, 1, 10, 3000])(
    'of %i rows is good, and its key known when it is the expected one',
    async (count) => {
      const rows = Array.from({ length: count }, (_, i) => row(i + 1))
      const some = await packOf(rows, key)
      expect(await check(some)).toMatchObject({ ok: true, keyKnown: true, manifest: { rows: count } })
      expect(await check(some, [])).toMatchObject({ ok: true, keyKnown: false, fingerprint: key.fingerprint })
      const spelled = key.fingerprint.replaceAll('-', '').toUpperCase()
      expect(await check(some, [newKey().fingerprint, spelled])).toMatchObject({ ok: true, keyKnown: true })
    },
  )

  test('is good to WebCrypto too, and to a header without quotes', async () => {
    expect(await checkEvidence(new Blob([new Uint8Array(pack)]), { zip })).toMatchObject({ ok: true })
    const out = new Kept()
    const { rows } = await writeEvidence(out, stream(`id,event\r\n"${idOf(7)}","sign_in"\r\n`), facts, key)
    expect(rows).toBe(1)
    expect(await check(out.bytes)).toMatchObject({
      ok: true,
      manifest: { firstId: idOf(7), lastId: idOf(7) },
    })
  })

  test.skipIf(!hasOpenssl)('can be checked with OpenSSL alone, as its READ-ME says', async () => {
    const folder = await unpackedFolder(pack)
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder }).toString()
    const asked = '-verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig'
    expect(String(fs.readFileSync(path.join(folder, 'READ-ME.txt')))).toContain(`openssl pkeyutl ${asked}`)
    expect(openssl('pkeyutl', ...asked.split(' '))).toContain('Signature Verified Successfully')
  })

  test('whose CSV breaks off is left without its end, and nobody is told that it is whole', async () => {
    const out = new Kept()
    const broken = Readable.from(
      (async function* () {
        for (let i = 0; i < 50_000; i++) yield Buffer.from(row(i, String(Math.random())))
        await expect.poll(() => out.bytes.length).toBeGreaterThan(10_000)
        throw new Error('the query broke')
      })(),
    )
    await expect(writeEvidence(out, broken, facts, key)).rejects.toThrow('the query broke')
    expect(out.destroyed).toBe(true)
    expect(await verdict(out.bytes)).toContain('cut short or damaged')
  })

  test('sent over HTTP arrives whole, or visibly broken off', async () => {
    const broken = () =>
      Readable.from(
        (function* () {
          for (let i = 0; i < 20_000; i++) yield Buffer.from(row(i, String(Math.random())))
          throw new Error('the query broke')
        })(),
      )
    const server = http.createServer((req, res) => {
      const csv = req.url === '/broken' ? broken() : stream(csvOf(tenRows))
      writeEvidence(res, csv, facts, key).catch(() => {})
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const whole = Buffer.from(await (await fetch(address)).arrayBuffer())
    expect(await check(whole)).toMatchObject({ ok: true, keyKnown: true })
    await expect(fetch(`${address}/broken`).then((answer) => answer.arrayBuffer())).rejects.toThrow()
  })

  test('whose query fails at once, or whose taker is gone before it begins, is refused and nothing else', async () => {
    const failed = new Readable({ read() {} })
    failed.destroy(new Error('no such table'))
    await expect(writeEvidence(new Kept(), failed, facts, key)).rejects.toThrow('no such table')
    const gone = new Kept()
    gone.destroy()
    await expect(writeEvidence(gone, stream(csvOf(tenRows)), facts, key)).rejects.toThrow()
  })

  test('tells id, name and email of the person who took it, and no more', async () => {
    const out = new Kept()
    const actor = { ...facts.madeBy, sessionId: 'secret', role: { name: 'Auditor' } }
    await writeEvidence(out, stream(csvOf(tenRows)), { ...facts, madeBy: actor }, key)
    expect((await unpacked(out.bytes)).get('manifest.json')?.toString()).not.toMatch(/secret|role/)
  })

  test('that nobody takes any more ends the query behind it', async () => {
    const out = new Kept()
    const endless = Readable.from(
      (function* () {
        for (let i = 0; ; i++) {
          if (i === 2000) out.destroy()
          yield Buffer.from(row(i, String(Math.random())))
        }
      })(),
    )
    await expect(writeEvidence(out, endless, facts, key)).rejects.toThrow()
    expect(endless.destroyed).toBe(true)
  })

  test('that is taken slowly holds the query back, so that little of it waits in memory', async () => {
    const taker = new Writable({ write() {} }) // takes one piece and no more
    let made = 0
    const endless = Readable.from(
      (function* () {
        for (let i = 0; ; i++) {
          const bytes = Buffer.from(row(i, randomBytes(20_000).toString('hex')))
          made += bytes.length
          yield bytes
        }
      })(),
    )
    const written = writeEvidence(taker, endless, facts, key)
    const madeWithin = async (milliseconds: number) => {
      const before = made
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      return made - before
    }
    await expect.poll(() => taker.writableLength, { timeout: 10_000 }).toBeGreaterThan(0)
    await expect.poll(() => madeWithin(300), { timeout: 10_000 }).toBe(0)
    expect(made).toBeLessThan(20_000_000)
    taker.destroy()
    await expect(written).rejects.toThrow()
  })

  test('whose CSV waits when its taker goes away ends too', async () => {
    const out = new Kept()
    const waiting = new Readable({ read() {} })
    waiting.push(csvOf(tenRows))
    setTimeout(() => out.destroy(), 50)
    await expect(writeEvidence(out, waiting, facts, key)).rejects.toThrow()
    expect(waiting.destroyed).toBe(true)
  })
})

describe('a key', () => {
  const within = (since: string, until?: string) =>
    checkEvidence(pack, { zip, verify: byNode, expected: [{ fingerprint: key.fingerprint, since, until }] })

  test('signs from when it was made until it was retired, and not before or after', async () => {
    expect(await within('2026-01-01T00:00:00.000Z')).toMatchObject({ ok: true, keyKnown: true })
    expect(await within('2026-01-01T00:00:00.000Z', '2026-12-31T00:00:00.000Z')).toMatchObject({ ok: true })
    const lives: [string, string?][] = [
      ['2019-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'],
      ['2027-01-01T00:00:00.000Z'],
    ]
    for (const life of lives) {
      const { ok, verdict } = await within(...life)
      expect([ok, verdict]).toEqual([false, expect.stringContaining('Its key did not sign at that time')])
    }
  })
})

describe('a pack that somebody changed is told apart, in words:', () => {
  const id = (n: number) => `row ${n} (id ${idOf(n)})`

  test('a row changed', async () => {
    expect(await verdictOf(instead(4, row(4, 'forged')))).toBe(`Row 4 (id ${idOf(4)}) was changed.`)
    expect(await verdictOf(instead(10, row(10, 'forged')))).toBe(`Row 10 (id ${idOf(10)}) was changed.`)
    const two = instead(2, row(2, 'forged')).toSpliced(7, 1, row(8, 'forged'))
    expect(await verdictOf(two)).toContain(
      `Row 2 (id ${idOf(2)}) was changed. That is the first place. In all, 2`,
    )
  })

  test('any byte of the CSV changed, quotes and line ends too', async () => {
    const csv = Buffer.from(csvOf(tenRows))
    const headerEnd = csv.indexOf('\n') + 1
    let at = headerEnd
    for (const [i, each] of tenRows.entries()) {
      for (let end = at + Buffer.byteLength(each) - 2; at < end; at += 29) {
        const changed = Buffer.from(csv)
        changed[at] = changed[at] === 0x21 ? 0x22 : 0x21
        expect(await verdict(await withCsv(changed)), `byte ${at}`).toMatch(`Row ${i + 1} `)
      }
      at = headerEnd + Buffer.byteLength(tenRows.slice(0, i + 1).join(''))
    }
  })

  test('a row missing', async () => {
    expect(await verdictOf(without(4))).toBe(`Row 4 is missing, between ${id(3)} and row 5 (id ${idOf(5)}).`)
    expect(await verdictOf(without(4, 5, 6))).toBe(`Rows 4 to 6 are missing, between ${id(3)} and ${id(7)}.`)
    expect(await verdictOf(without(1))).toBe(`Row 1 is missing, between the header and ${id(2)}.`)
    expect(await verdictOf(without(3, 7))).toContain(
      `Row 3 is missing, between ${id(2)} and ${id(4)}. That is the first place.`,
    )
  })

  test('a row added', async () => {
    const words = `A row was added after ${id(4)}: row 5 (id ${idOf(77)}) was not signed there.`
    expect(await verdictOf(tenRows.toSpliced(4, 0, row(77)))).toBe(words)
    expect(await verdictOf([...tenRows, row(77)])).toContain(`A row was added after ${id(10)}`)
    expect(await verdictOf([row(77), row(78), ...tenRows])).toContain('2 rows were added after the header')
    expect(await verdictOf(tenRows.toSpliced(4, 0, row(2)))).toContain('A row was added after row 4')
  })

  test('the order changed', async () => {
    const swapped = tenRows.toSpliced(2, 4, row(6), row(4), row(5), row(3))
    const words = `The order of the rows was changed, first at row 3: there stands now what was ${id(6)}.`
    expect(await verdictOf(swapped)).toBe(words)
    expect(await verdictOf(tenRows.toReversed())).toContain(
      'The order of the rows was changed, first at row 1',
    )
  })

  test('cut at the end', async () => {
    const words = `activity.csv is cut at the end, after ${id(7)}: the last 3 rows are missing.`
    expect(await verdictOf(without(8, 9, 10))).toBe(words)
    expect(await verdictOf([...without(8, 9, 10), row(8).slice(0, 60)])).toContain(
      'cut at the end, in the middle of row 8: the last 3 rows are missing.',
    )
    expect(await verdictOf([])).toContain('after the header: the last 10 rows are missing')
    expect(await verdict(await withCsv(''))).toBe('activity.csv is empty.')
  })

  test('the header changed, bytes after the end', async () => {
    const otherHeader = csvOf(tenRows).replace('"event"', '"what"')
    expect(await verdict(await withCsv(otherHeader))).toBe('The header of activity.csv was changed.')
    expect(await verdictOf([...tenRows, 'P.S.'])).toBe('4 bytes stand after the last row of activity.csv.')
    expect(await verdictOf([...tenRows, '\r\n'])).toBe('2 bytes stand after the last row of activity.csv.')
  })

  test('only saved again by a spreadsheet, and what was changed besides', async () => {
    const saved = 'Every row still says what was signed, but activity.csv was saved again'
    const plain = ['plain', 'two, three', 'with "quotes"'].map((words, i) => row(i + 1, words))
    const some = await packOf(plain, key)
    const resaved = (change: (csv: string) => string) =>
      tampered(some, { 'activity.csv': (csv) => change(csv.toString()) }).then(verdict)
    const fewerQuotes = (csv: string) => csv.replace(/(^|,)"([\w:. -]*)"(?=,|\r?$)/gm, '$1$2')
    expect(await resaved((csv) => csv.replaceAll('\r\n', '\n'))).toContain(saved)
    expect(await resaved((csv) => `\uFEFF${csv}`)).toContain(saved)
    expect(await resaved((csv) => csv.slice(0, -2))).toContain(saved)
    expect(await resaved((csv) => fewerQuotes(csv).replaceAll('\r\n', '\n'))).toContain(saved)
    expect(await resaved((csv) => fewerQuotes(csv).replace('plain', 'forged'))).toBe(
      `Row 1 (id ${idOf(1)}) was changed.`,
    )
  })

  test('the digests of the rows, with or without the CSV', async () => {
    const digests = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 1))
    const one = await tampered(pack, { 'row-digests.bin': digests })
    expect(await verdict(one)).toBe('row-digests.bin was changed.')
    const both = { 'row-digests.bin': digests, 'activity.csv': csvOf(instead(4, row(4, 'forged'))) }
    expect(await verdict(await tampered(pack, both))).toContain(
      'activity.csv was changed. Which row can’t be told',
    )
  })

  test('the manifest, and whatever else with it', async () => {
    const manifest = (bytes: Buffer) => bytes.toString().replace('"rows": 10', '"rows": 11')
    const words = 'The signature does not fit the manifest'
    expect(await verdict(await tampered(pack, { 'manifest.json': manifest }))).toContain(words)
    expect(
      await verdict(await tampered(pack, { 'manifest.json': (bytes) => `${bytes.toString()} ` })),
    ).toContain(words)
    const several = await tampered(pack, { 'manifest.json': manifest, 'activity.csv': csvOf(without(4)) })
    const found = await check(several)
    expect(found.verdict).toContain(words)
    expect(found.details.join()).toContain('Row 4 is missing')
    for (const broken of ['', '{}', 'null', '[]', '{"format":"fieldkey-evidence","version":1}'])
      expect(await verdict(await tampered(pack, { 'manifest.json': broken }))).toContain(words)
  })

  test('signed again with a foreign key, which only the expected fingerprint tells', async () => {
    const foreign = newKey()
    const forged = await packOf(instead(4, row(4, 'forged')), foreign)
    expect(await check(forged, [])).toMatchObject({ ok: true, keyKnown: false })
    expect(await verdict(forged)).toContain(`signed with a foreign key, ${foreign.fingerprint}`)
    const files = await unpacked(pack)
    const signature = sign(null, files.get('manifest.json') ?? Buffer.alloc(0), foreign.privateKey)
    const pem = createPublicKey(foreign.privateKey).export({ format: 'pem', type: 'spki' })
    const swapped = await tampered(pack, {
      'manifest.sig': () => signature,
      'public-key.pem': pem.toString(),
    })
    expect(await verdict(swapped)).toContain('foreign key')
    expect(await check(swapped, [])).toMatchObject({ ok: false })
    expect(await verdict(await tampered(pack, { 'manifest.sig': () => signature }))).toContain(
      'The signature does not fit',
    )
    expect(await verdict(await tampered(pack, { 'public-key.pem': 'nothing' }))).toContain(
      'holds no public key',
    )
  })

  test('a file missing, foreign, or changed that explains the rest', async () => {
    for (const name of (await unpacked(pack)).keys())
      expect(await verdict(await tampered(pack, { [name]: () => null }))).toBe(
        `${name} is missing from the pack.`,
      )
    expect(await verdict(await tampered(pack, { 'activity (final).csv': 'x' }))).toContain(
      'a file that does not belong to it',
    )
    expect(await verdict(await tampered(pack, { 'READ-ME.txt': 'Trust me.' }))).toBe(
      'READ-ME.txt was changed.',
    )
  })

  test('no zip, half a zip, a zip with something behind it or before it', async () => {
    expect(await verdict(Buffer.from('%PDF-1.7 and so on'))).toBe(
      'This file is not a zip, and so no evidence pack.',
    )
    expect(await verdict(Buffer.alloc(0))).toContain('not a zip')
    for (const part of [0.3, 0.6, 0.999])
      expect(await verdict(pack.subarray(0, Math.floor(pack.length * part)))).toContain(
        'cut short or damaged',
      )
    expect(await verdict(Buffer.concat([pack, Buffer.from('behind')]))).toContain('altered after it was made')
    expect((await check(Buffer.concat([pack, pack]))).ok).toBe(false)
  })

  test('any byte of the zip changed: never called good unless all it holds is as signed', async () => {
    const whole = await unpacked(pack)
    for (let at = 0; at < pack.length; at += 47) {
      const changed = Buffer.from(pack)
      changed[at] = (changed[at] ?? 0) ^ 0x55
      if (!(await check(changed)).ok) continue
      const files = await unpacked(changed) // say, a date or a checksum of the zip itself
      expect(files, `byte ${at}`).toEqual(whole)
    }
  })
})

describe('the command', { timeout: 60_000 }, () => {
  test('says GOOD and ends with 0, with the expected key or loudly without', async () => {
    const [file, elsewhere] = [inFile(pack), temporaryFolder()]
    const named = await command([file, '--key', key.fingerprint], elsewhere)
    expect(named).toMatchObject({ code: 0, errors: '' })
    expect(named.said).toMatch(/^GOOD: This evidence pack is genuine: its 10 rows are exactly/)
    expect(named.said).toContain('Aud “the” Auditor <auditor@firm.test>')
    const unnamed = await command([file], elsewhere)
    expect(unnamed).toMatchObject({ code: 0, errors: '' })
    expect(unnamed.said).toContain('ATTENTION: it was not checked whose key this is')
    expect(unnamed.said).toContain(key.fingerprint)
  })

  test('expects the keys that a server lists beside its data', async () => {
    const folder = temporaryFolder()
    const list = (fingerprint: string) =>
      fs.writeFileSync(
        path.join(folder, 'evidence-keys.txt'),
        `# keys\n${fingerprint} 2026-01-01 in-use AAAA\n`,
      )
    list(key.fingerprint)
    expect((await command([inFile(pack)], folder)).said).toContain('GOOD: This evidence pack is genuine')
    list(newKey().fingerprint)
    expect(await command([inFile(pack)], folder)).toMatchObject({ code: 1 })
  })

  test('says what is WRONG and ends with 1, and lets no pack steer the terminal', async () => {
    const changed = await withCsv(csvOf(instead(4, row(4).replace(idOf(4), '\u001b[2J\u202egood'))))
    const { code, said } = await command([inFile(changed), '--key', key.fingerprint], temporaryFolder())
    expect(code).toBe(1)
    expect(said).toMatch(/^WRONG: Row 4 \(id ·\[2J·good\) was changed\./)
    expect((await command([inFile(Buffer.from('no zip'))], temporaryFolder())).code).toBe(1)
  })

  test('ends with 2 when it was not understood', async () => {
    const file = inFile(pack)
    for (const args of [
      [],
      [file, file],
      [file, '--key', 'abc'],
      [file, '--nonsense'],
      ['no-such-file.zip'],
    ]) {
      const { code, errors } = await command(args, temporaryFolder())
      expect(code, args.join(' ')).toBe(2)
      expect(errors).not.toBe('')
    }
  })
})

function command(args: string[], dataFolder: string) {
  return new Promise<{ code: number; said: string; errors: string }>((resolve) => {
    const env = { PATH: process.env.PATH, DATA_DIR: dataFolder }
    const node = ['--import', './src/typescript.js', 'src/commands/verify-evidence.ts', ...args]
    execFile(process.execPath, node, { cwd: home, env }, (error, said, errors) =>
      resolve({ code: Number(error?.code ?? 0), said, errors }),
    )
  })
}

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldkey-evidence-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

function inFile(bytes: Buffer): string {
  const file = path.join(temporaryFolder(), 'pack.zip')
  fs.writeFileSync(file, bytes)
  return file
}

async function unpackedFolder(pack: Buffer): Promise<string> {
  const folder = temporaryFolder()
  for (const [name, bytes] of await unpacked(pack)) fs.writeFileSync(path.join(folder, name), bytes)
  return folder
}
