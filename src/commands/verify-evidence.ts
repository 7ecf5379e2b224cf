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

// npm run verify-evidence -- FILE [--key FINGERPRINT]: checks an evidence pack, without database or server. Exit
// codes: 0 if it is good, 1 if something is wrong with it, 2 if the arguments are wrong.
process.stdout.on('error', () => process.exit(0)) // the reader has closed the pipe
const usage = 'Usage: npm run verify-evidence -- FILE [--key FINGERPRINT]'

const { file, key } = readArguments()
const finding = await checkEvidence(await openFile(file), {
  zip,
  expected: key ? [key] : knownKeys(),
  verify: verifySignature,
  sha256: () => createHash('sha256'),
}).catch(toFinding)
const { ok, keyKnown, verdict, details, manifest } = finding
printLines(
  `${!ok ? 'WRONG' : keyKnown ? 'GOOD' : 'WHOLE'}: ${verdict}`,
  ...details.map((line) => `  ${line}`),
)
if (ok && !keyKnown)
  printLines(
    '',
    'ATTENTION: it was not checked whose key this is. Anyone can make a pack with their own key.',
    'Ask the company for its fingerprint and run this again with --key FINGERPRINT.',
  )
if (manifest) printLines('', `The manifest${ok ? '' : ', unverified'}`, ...manifestLines(manifest))
process.exitCode = ok ? 0 : 1

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      options: { key: { type: 'string' } },
      allowPositionals: true,
    })
    const [file, another] = positionals
    if (file === undefined || another !== undefined) return exitWithError(usage)
    if (values.key !== undefined && bare(values.key).length !== 64)
      return exitWithError(`--key must be a fingerprint: 64 hexadecimal digits, in groups or not.\n${usage}`)
    return { file, key: values.key }
  } catch (error) {
    return exitWithError(`${(error as Error).message}\n${usage}`)
  }
}

/** Uses node:crypto, since Node's WebCrypto still marks Ed25519 as experimental. */
async function verifySignature(der: Uint8Array, signature: Uint8Array, signed: Uint8Array): Promise<boolean> {
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
  return key.asymmetricKeyType === 'ed25519' && verify(null, signed, key, signature)
}

/** Read in parts as needed. Only regular files: a device may never end. */
async function openFile(file: string): Promise<Blob> {
  try {
    if (!fs.statSync(file).isFile()) throw new Error('it is not a file')
    return await fs.openAsBlob(file)
  } catch (error) {
    return exitWithError(`${file} can’t be read: ${(error as Error).message}`)
  }
}

function toFinding(error: Error): Finding {
  const verdict = 'This evidence pack could not be checked.'
  return { ok: false, keyKnown: false, verdict, details: [error.message] }
}

function exitWithError(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

/** The keys listed in the server's data folder; empty without a server. */
function knownKeys(): ExpectedKey[] {
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

function manifestLines(manifest: Manifest): string[] {
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

/** An untrusted pack must not control the terminal: control characters are shown as a dot. */
function printLines(...lines: string[]) {
  for (const line of lines) process.stdout.write(`${line.replace(/\p{C}/gu, '·')}\n`)
}
