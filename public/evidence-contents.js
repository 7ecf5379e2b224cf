// @ts-check
// Whether the files of an evidence pack are those that its manifest names, and what is wrong with them.

import { mostBytesCompared, mostCsvBytes, mostRowsCompared } from './evidence-limits.js'
import { csvFaults } from './evidence-rows.js'
import { CsvScan } from './evidence-scan.js'
import { inNumber } from './evidence-zip.js'

/**
 * @typedef {import('./evidence-check.js').Manifest} Manifest
 * @typedef {import('./evidence-check.js').Hash} Hash
 * @typedef {object} Contents
 * @property {import('./evidence-zip.js').Files} files
 * @property {Manifest} manifest
 * @property {boolean} signed by the key in the pack, and by one of those expected
 * @property {() => Hash} sha256
 */

/** @param {Contents} contents @returns {Promise<string[]>} */
export async function contentFaults(contents) {
  const { files, manifest } = contents
  const digests = await rowDigests(contents)
  const csv = await signedCsv(contents)
  const faults = []
  if (csv === 'changed') faults.push(...(await csvChanges(contents, digests)))
  if (digests === 'changed') faults.push('row-digests.bin was changed.')
  const digestBytes = files.sizeOf('row-digests.bin')
  const otherCount = digestBytes !== undefined && digestBytes !== 8 * manifest.rows
  if (otherCount || (csv instanceof CsvScan && !csv.fits(manifest)))
    faults.push(
      'The manifest tells of other rows than those in the pack: its count, size, first or last id are not theirs.',
    )
  const readMe = await files.small('READ-ME.txt')
  if (readMe && hex(hashOf(contents.sha256, readMe)) !== manifest.readMe.sha256)
    faults.push('READ-ME.txt was changed.')
  return faults
}

/** What nobody vouches for is not unpacked for minutes. @param {Contents} contents */
const mostOf = ({ signed }) => (signed ? mostCsvBytes : mostBytesCompared)

/** @param {Contents} contents @returns {Promise<'signed' | 'changed' | undefined>} nothing where they were not unpacked */
async function rowDigests(contents) {
  const { files, manifest, sha256 } = contents
  const most = Math.min(8 * Math.max(manifest.rows, mostRowsCompared), mostOf(contents))
  const hash = sha256()
  const read = await files.stream('row-digests.bin', most, (chunk) => hash.update(chunk))
  if (!read) return undefined
  return hex(hash.digest()) === manifest.rowDigests.sha256 ? 'signed' : 'changed'
}

/**
 * What stands in the CSV, where it is as signed; nothing where it was not unpacked.
 * @param {Contents} contents @returns {Promise<CsvScan | 'changed' | undefined>}
 */
async function signedCsv(contents) {
  const { files, manifest, sha256 } = contents
  const size = files.sizeOf('activity.csv')
  if (size !== undefined && size !== manifest.csv.bytes) return 'changed' // there is no need to unpack it
  const hash = sha256()
  const scan = new CsvScan(manifest.csv.header)
  const read = await files.stream('activity.csv', mostOf(contents), (chunk) => {
    hash.update(chunk)
    scan.add(chunk)
  })
  if (!read) return undefined
  return hex(hash.digest()) === manifest.csv.sha256 ? scan : 'changed'
}

/** @param {Contents} contents @param {'signed' | 'changed' | undefined} digests */
async function csvChanges({ files, manifest, sha256 }, digests) {
  const [size = 0, digestBytes = 0] = [files.sizeOf('activity.csv'), files.sizeOf('row-digests.bin')]
  if (size > mostBytesCompared || digestBytes > 8 * mostRowsCompared)
    return [
      `activity.csv was changed. It is too large to say where: no more than ${inNumber(mostBytesCompared)} bytes and ${inNumber(mostRowsCompared)} rows are compared.`,
    ]
  if (digests !== 'signed')
    return [
      'activity.csv was changed. Which row can’t be told, since the digests of the rows are not as signed either.',
    ]
  const csv = await files.read('activity.csv', mostBytesCompared)
  const signed = csv && (await files.read('row-digests.bin', digestBytes))
  return signed
    ? csvFaults(csv, new DataView(signed.buffer), manifest.csv.header, (row) => hashOf(sha256, row))
    : []
}

/** @param {() => Hash} sha256 @param {Uint8Array} bytes */
export function hashOf(sha256, bytes) {
  const hash = sha256()
  hash.update(bytes)
  return hash.digest()
}

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
