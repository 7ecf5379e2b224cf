// @ts-check
// Which row of an exported CSV is not as it was signed. Told by the digests of its rows: the signed rows that stand
// at both ends leave a gap, and in the gap is the change.

import { mostCells, mostRowBytes, mostRowsCompared } from './evidence-limits.js'

/**
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 * @typedef {{ start: number, end: number, next: number }} Row where it starts, where its line end does, where the next starts
 * @typedef {(bytes: Uint8Array) => Uint8Array} Sha256
 */

/**
 * What is wrong with a CSV that is not the signed one, in words; the first fault first.
 * @param {Bytes} csv
 * @param {DataView} signed eight bytes for each row, as in row-digests.bin
 * @param {string} signedHeader
 * @param {Sha256} sha256
 */
export function csvFaults(csv, signed, signedHeader, sha256) {
  const count = signed.byteLength / 8
  if (lineFeedsIn(csv) > mostRowsCompared)
    return [
      `activity.csv was changed. It is too large to say where: it has more than ${mostRowsCompared.toLocaleString('en')} lines.`,
    ]
  /** @param {Uint8Array | string} row */
  const digestOf = (row) => firstEight(sha256(typeof row === 'string' ? encoder.encode(row) : row))
  /** @param {number} i */
  const signedAt = (i) => signed.getBigUint64(8 * i)
  const top = csv[0] === 0xef && csv[1] === 0xbb && csv[2] === 0xbf ? 3 : 0
  const { value: header } = rowsOf(csv, top, csv.length).next()
  if (!header) return ['activity.csv is empty.']
  const sameHeader = requoted(words(csv, header)) === requoted(signedHeader)
  const faults = sameHeader ? [] : ['The header of activity.csv was changed.']

  const head = run(csv, rowsOf(csv, header.next, csv.length), count, signedAt, digestOf)
  const from = head.last?.next ?? header.next
  const back = rowsFromTheEnd(csv, from, csv.length)
  const tail = run(csv, back, count - head.count, (i) => signedAt(count - 1 - i), digestOf)
  const found = [...rowsOf(csv, from, tail.last?.start ?? csv.length)]
  const gap = {
    ...{
      csv,
      found,
      before: head.last,
      after: tail.last,
      idColumn: cells(requoted(signedHeader)).indexOf('"id"'),
    },
    ...{ first: head.count + 1, columns: cells(signedHeader).length },
    digests: found.map((row) => digestOf(requoted(words(csv, row)))),
    signed: Array.from({ length: count - head.count - tail.count }, (_, i) => signedAt(head.count + i)),
  }
  if (gap.signed.length + found.length > 0) faults.push(gapFault(gap))
  if (faults.length > 0) return faults
  return [
    'Every row still says what was signed, but activity.csv was saved again: its line ends or quotes differ, as after a spreadsheet saved it.',
  ]
}

/**
 * @typedef {object} Gap
 * @property {Bytes} csv
 * @property {number} first number of the row with which it begins
 * @property {bigint[]} signed digests of the rows that should stand in it
 * @property {Row[]} found what stands in it
 * @property {bigint[]} digests of what was found
 * @property {Row} [before]
 * @property {Row} [after]
 * @property {number} idColumn
 * @property {number} columns
 */

/**
 * The id of a row, by the header above it.
 * @param {Bytes} csv @param {Row | undefined} row @param {string} header
 */
export function idOf(csv, row, header) {
  const idColumn = cells(requoted(header)).indexOf('"id"')
  return row ? (cells(words(csv, row))[idColumn]?.replace(/^"|"$/g, '') ?? null) : null
}

/** @param {Gap} gap */
function gapFault(gap) {
  if (isCut(gap)) return cut(gap)
  if (isScrap(gap)) return `${bytesOf(gap.found)} bytes stand after the last row of activity.csv.`
  const isSigned = new Set(gap.signed)
  const isFound = new Set(gap.digests)
  const gone = gap.signed.map((digest) => !isFound.has(digest))
  const strange = gap.digests.map((digest) => !isSigned.has(digest))
  // Where the gap begins: what stands there was signed for elsewhere or nowhere, what should is elsewhere or nowhere.
  if (gone[0] && (strange[0] ?? false)) return changed(gap) + inAll(gone, strange, 1, 1)
  if (gone[0]) return missing(gap, leading(gone)) + inAll(gone, strange, leading(gone), 0)
  if (strange[0]) return added(gap, leading(strange)) + inAll(gone, strange, 0, leading(strange))
  return moved(gap) + inAll(gone, strange, 0, 0)
}

/** @param {Gap} gap */
function isCut({ csv, signed, found: [only, another], digests: [digest], after }) {
  if (after || another || signed.length === 0) return false
  return only === undefined || (csv[only.next - 1] !== lineFeed && !signed.includes(digest ?? 0n))
}

/** @param {Gap} gap */
function cut({ first, signed, found, before, ...gap }) {
  const within = found.length > 0 ? `in the middle of row ${first}` : `after ${place(gap, first - 1, before)}`
  return `activity.csv is cut at the end, ${within}: ${signed.length === 1 ? 'the last row is' : `the last ${signed.length} rows are`} missing.`
}

/** Whether what stands behind all that was signed is no row. @param {Gap} gap */
const isScrap = ({ csv, signed, found, after, columns }) =>
  signed.length === 0 &&
  !after &&
  found.some((row) => csv[row.next - 1] !== lineFeed || cells(words(csv, row)).length !== columns)

/** @param {Gap} gap */
const changed = ({ first, found, ...gap }) => `${capital(place(gap, first, found[0]))} was changed.`

/** @param {Gap} gap @param {number} count */
function missing({ first, found, before, after, ...gap }, count) {
  const which = count === 1 ? `Row ${first} is` : `Rows ${first} to ${first + count - 1} are`
  return `${which} missing, between ${place(gap, first - 1, before)} and ${place(gap, first + count, found[0] ?? after)}.`
}

/** @param {Gap} gap @param {number} count */
function added({ first, found, before, ...gap }, count) {
  const what = count === 1 ? 'A row was' : `${count} rows were`
  return `${what} added after ${place(gap, first - 1, before)}: ${place(gap, first, found[0])} was not signed there.`
}

/** @param {Gap} gap */
function moved({ first, found, signed, digests, ...gap }) {
  const was = signed.indexOf(digests[0] ?? 0n)
  return `The order of the rows was changed, first at row ${first}: there stands now what was ${place(gap, first + was, found[0])}.`
}

/** @param {boolean[]} gone @param {boolean[]} strange @param {number} goneTold @param {number} strangeTold */
function inAll(gone, strange, goneTold, strangeTold) {
  const [lost, foreign] = [gone, strange].map((all) => all.filter(Boolean).length)
  if (lost === goneTold && foreign === strangeTold) return ''
  return ` That is the first place. In all, ${lost} of the signed rows are missing or changed, and ${foreign} of the rows there were never signed.`
}

/** @param {Pick<Gap, 'csv' | 'idColumn'>} gap @param {number} number @param {Row | undefined} row */
function place({ csv, idColumn }, number, row) {
  if (number === 0) return 'the header'
  const id = row && cells(words(csv, row))[idColumn]?.replace(/^"|"$/g, '').slice(0, 80)
  return id ? `row ${number} (id ${id})` : `row ${number}`
}

/* ── rows ── */

export const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d]

/** @param {Bytes} csv @param {number} from @param {number} to @returns {Generator<Row, undefined>} */
export function* rowsOf(csv, from, to) {
  let start = from
  let quoted = false
  for (let i = from; i < to; i++) {
    if (csv[i] === quote) quoted = !quoted
    if (csv[i] !== lineFeed || quoted) continue
    yield { start, end: lineEnd(csv, start, i + 1), next: i + 1 }
    start = i + 1
  }
  if (start < to) yield { start, end: lineEnd(csv, start, to), next: to }
}

/** The same, last row first: a quote too many or too few spoils what comes before it only. @type {typeof rowsOf} */
export function* rowsFromTheEnd(csv, from, to) {
  for (let next = to; next > from;) {
    const end = lineEnd(csv, from, next)
    let start = end
    for (let quoted = false; start > from && (quoted || csv[start - 1] !== lineFeed); start--)
      if (csv[start - 1] === quote) quoted = !quoted
    yield { start, end, next }
    next = start
  }
}

/** @param {Bytes} csv */
function lineFeedsIn(csv) {
  let count = 0
  for (let at = csv.indexOf(lineFeed); at !== -1; at = csv.indexOf(lineFeed, at + 1)) count++
  return count
}

/** @param {Bytes} csv @param {number} start @param {number} next */
function lineEnd(csv, start, next) {
  if (next === start || csv[next - 1] !== lineFeed) return next
  return next - 1 > start && csv[next - 2] === carriageReturn ? next - 2 : next - 1
}

/**
 * How many rows are the signed ones, one after the other, and the last of them.
 * @param {Bytes} csv @param {Iterable<Row>} rows @param {number} most @param {(i: number) => bigint} signedAt
 * @param {(row: Uint8Array | string) => bigint} digestOf
 */
function run(csv, rows, most, signedAt, digestOf) {
  let count = 0
  /** @type {Row | undefined} */
  let last
  for (const row of rows) {
    if (count === most) break
    const signed = signedAt(count)
    const same =
      digestOf(csv.subarray(row.start, row.end)) === signed || digestOf(requoted(words(csv, row))) === signed
    if (!same) break
    count++
    last = row
  }
  return { count, last }
}

/** As in row-digests.bin. @param {Uint8Array} hash */
const firstEight = (hash) => new DataView(hash.buffer, hash.byteOffset).getBigUint64(0)

/** Cells as they stand, quotes and all; in time that grows with the row alone. @param {string} row */
function cells(row) {
  const all = []
  let start = 0
  let quoted = false
  for (let i = 0; i < row.length && all.length < mostCells; i++) {
    if (row[i] === '"') quoted = !quoted
    if (row[i] !== ',' || quoted) continue
    all.push(row.slice(start, i))
    start = i + 1
  }
  return [...all, row.slice(start)]
}

const whole = /^(?:"(?:[^"]|"")*"|[^"]*)$/

/** A row as it is exported, whatever a spreadsheet did to its quotes; one that is no row any more stays as it is. @param {string} row */
function requoted(row) {
  const all = cells(row)
  if (!all.every((cell) => whole.test(cell))) return row
  return all.map((cell) => (cell === '' || cell.startsWith('"') ? cell : `"${cell}"`)).join(',')
}

/* ── small things ── */

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** @param {Bytes} csv @param {Row} row */
const words = (csv, { start, end }) =>
  decoder.decode(csv.subarray(start, Math.min(end, start + mostRowBytes)))
/** @param {Row[]} rows */
const bytesOf = (rows) => rows.reduce((sum, { start, next }) => sum + next - start, 0)
/** @param {boolean[]} all */
const leading = (all) => (all.includes(false) ? all.indexOf(false) : all.length)
/** @param {string} words */
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1)
