import { createHash, createPublicKey, verify } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import * as zip from '@zip.js/zip.js'
import {
  bare,
  checkEvidence,
  type ExpectedKey,
  type Finding,
  type Manifest,
} from '../../public/evidence-check.js'

// npm run verify-evidence -- FILE [--key FINGERPRINT]: checks an evidence pack, without database and server.
// Ends with 0 when it is good, 1 when something is wrong with it, 2 when the command itself was not understood.
process.stdout.on('error', () => process.exit(0)) // whoever reads has read enough
const usage = 'Usage: npm run verify-evidence -- FILE [--key FINGERPRINT]'

const { file, key } = asked()
const finding = await checkEvidence(await contents(file), {
  zip,
  expected: key ? [key] : keysKnownHere(),
  verify: fits,
  sha256: () => createHash('sha256'),
}).catch(unchecked)
const { ok, keyKnown, verdict, details, manifest } = finding
say(`${!ok ? 'WRONG' : keyKnown ? 'GOOD' : 'WHOLE'}: ${verdict}`, ...details.map((line) => `  ${line}`))
if (ok && !keyKnown)
  say(
    '',
    'ATTENTION: it was not checked whose key this is. Anybody can make a pack with a key of their own.',
    'Ask the company for its fingerprint and run this again with --key FINGERPRINT.',
  )
if (manifest) say('', `The manifest${ok ? '' : ', as it stands there'}`, ...facts(manifest))
process.exitCode = ok ? 0 : 1

function asked() {
  try {
    const { values, positionals } = parseArgs({
      options: { key: { type: 'string' } },
      allowPositionals: true,
    })
    const [file, another] = positionals
    if (file === undefined || another !== undefined) return misunderstood(usage)
    if (values.key !== undefined && bare(values.key).length !== 64)
      return misunderstood(`--key must be a fingerprint: 64 hexadecimal digits, in groups or not.\n${usage}`)
    return { file, key: values.key }
  } catch (error) {
    return misunderstood(`${(error as Error).message}\n${usage}`)
  }
}

/** Node’s own check, since its WebCrypto still calls Ed25519 an experiment. */
async function fits(der: Uint8Array, signature: Uint8Array, signed: Uint8Array): Promise<boolean> {
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
  return key.asymmetricKeyType === 'ed25519' && verify(null, signed, key, signature)
}

/** Read piece by piece as it is needed, and from a file alone: a device never ends. */
async function contents(file: string): Promise<Blob> {
  try {
    if (!fs.statSync(file).isFile()) throw new Error('it is not a file')
    return await fs.openAsBlob(file)
  } catch (error) {
    return misunderstood(`${file} can’t be read: ${(error as Error).message}`)
  }
}

function unchecked(error: Error): Finding {
  const verdict = 'This evidence pack could not be checked.'
  return { ok: false, keyKnown: false, verdict, details: [error.message] }
}

function misunderstood(words: string): never {
  process.stderr.write(`${words}\n`)
  process.exit(2)
}

/** From the list that a server keeps beside its data; none where there is no server. */
function keysKnownHere(): ExpectedKey[] {
  if (fs.existsSync('.env')) process.loadEnvFile('.env')
  const list = path.join(process.env.DATA_DIR || '.data', 'evidence-keys.txt')
  const lines = fs.existsSync(list) ? fs.readFileSync(list, 'utf8').split('\n') : []
  const keys = lines.filter((line) => /^[0-9a-f-]{79} /.test(line)).map((line) => line.split(' '))
  return keys.map(([fingerprint = '', since, until]) => ({
    fingerprint,
    since,
    until: until === 'in-use' ? undefined : until,
  }))
}

function facts(manifest: Manifest): string[] {
  const { company, madeAt, madeBy, filter, reach, timeZone, rows, firstId, lastId, chain, key } = manifest
  const lines = {
    Company: company,
    Made: `${madeAt} by ${madeBy.name} <${madeBy.email}>`,
    Filter: `${filter}, days by the clock of ${timeZone}`,
    Reach: reach,
    Rows: rows > 0 ? `${rows}, from id ${firstId} to ${lastId}` : 'none',
    Chain: `head ${chain.headSeq}, ${chain.headHash}; oldest entry kept ${chain.oldestSeq}`,
    Key: key.fingerprint,
  }
  return Object.entries(lines).map(([name, value]) => `  ${name.padEnd(9)}${value}`)
}

/** A pack from a stranger must not steer the terminal: what is no letter, mark or blank is shown as a dot. */
function say(...lines: string[]) {
  for (const line of lines) process.stdout.write(`${line.replace(/\p{C}/gu, '·')}\n`)
}
