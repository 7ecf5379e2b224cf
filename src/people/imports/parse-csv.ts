import { ok, invalid, type Result } from '../../platform/result.ts'
import { decode, type Encoding } from './decode-text.ts'
import { quoted, readHeader, type Header } from './csv-header.ts'
import { maxRows, recordsOf, tooMuch, UnreadableCsv, type CsvRecord } from './csv-records.ts'

export type Cells = Record<'name' | 'email' | 'phone' | 'team', string>

/** A row as it stood in the file. One with cells beyond the columns of the header cannot be told apart. */
export interface FileRow {
  line: number
  cells: Cells | undefined
}

/** How a file was read, for whoever looks at the result. */
export interface Understood {
  encoding: Encoding
  separator: string
  columns: { name: string; as: string }[]
  notUsed: string
  language: string | null
}

export interface FileRead {
  rows: FileRow[]
  understood: Understood
}

/**
 * Reads a CSV of people as spreadsheets and other programs save it. What is wrong with the file as a whole is told
 * next to it; what is wrong with a row is for whoever judges rows.
 */
export async function parseCsv(bytes: Buffer): Promise<Result<FileRead>> {
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
    return invalid({
      file: 'This is a spreadsheet, not a text in UTF-8. In your spreadsheet program, save it as “CSV UTF-8”.',
    })
  if (lineEndsIn(bytes) > mostLines) return invalid({ file: tooMuch('rows', maxRows) })
  const { text, encoding } = decode(bytes)
  const lines = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const { body, separator } = separatorOf(lines)
  if (firstLine(body).includes('\0'))
    return invalid({
      file: 'This is not a text in UTF-8. In your spreadsheet program, save it as “CSV UTF-8”.',
    })
  const records = await recordsOf(body, separator).catch(inWords)
  if (!Array.isArray(records)) return records
  const [first, ...rows] = records
  const header = readHeader(withoutEmptyEnd(first?.cells ?? []))
  if (!header.ok) return header
  if (rows.length === 0) return invalid({ file: 'There are no rows below the header.' })
  const understood = { encoding, separator: separators[separator] ?? separator, ...toldOf(header.value) }
  return ok({ rows: rows.map((row) => rowOf(row, header.value)), understood })
}

/** Far more than rows: lines may be empty, and an open quotation mark has words of its own. */
const mostLines = 20 * maxRows

/** Counted in the bytes, before anything is made of them. */
function lineEndsIn(bytes: Buffer): number {
  let count = 0
  for (let i = 0; i < bytes.length; i++)
    if (bytes[i] === 0x0a || (bytes[i] === 0x0d && bytes[i + 1] !== 0x0a)) count++
  return count
}

function toldOf({ columns, names }: Header) {
  const used = names.map((name, i) => ({ name: name.slice(0, 60), as: columns[i] }))
  const notUsed = names.filter((name, i) => name !== '' && columns[i] === undefined)
  return {
    columns: used.filter(
      (one): one is { name: string; as: NonNullable<typeof one.as> } => one.as !== undefined,
    ),
    notUsed: quoted(notUsed),
    language: used.find(({ as }) => as === 'language')?.name ?? null,
  }
}

const separators: Record<string, string> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'upright strokes',
}

const firstLine = (text: string) => /^[\s,;|]*([^\n]*)/.exec(text)?.[1] ?? ''

/** By a first line `sep=;`, as Excel writes and hides it, or by what the header has most of. That line stays, empty. */
function separatorOf(text: string): { body: string; separator: string } {
  const named = /^"?sep=(.)"?[^\S\n]*(?=\n)/i.exec(text)
  if (named) return { body: text.slice(named[0].length), separator: named[1] ?? ',' }
  const header = firstLine(text).replace(/"(?:[^"]|"")*"/g, '')
  const times = (separator: string) => header.split(separator).length
  const [most = ','] = Object.keys(separators).sort((a, b) => times(b) - times(a))
  return { body: text, separator: most }
}

function inWords(error: unknown) {
  if (error instanceof UnreadableCsv) return invalid({ file: error.message })
  throw error
}

/** Spreadsheets save empty columns along with the others. */
function withoutEmptyEnd(cells: string[]): string[] {
  const last = cells.findLastIndex((cell) => cell.trim() !== '')
  return cells.slice(0, last + 1)
}

function rowOf({ cells: found, line }: CsvRecord, { columns }: Header): FileRow {
  const cells = withoutEmptyEnd(found)
  if (cells.length > columns.length) return { line, cells: undefined }
  const cell = (column: Header['columns'][number]) => asTyped(cells[columns.indexOf(column)] ?? '')
  const name = cell('name') || [cell('first name'), cell('last name')].filter(Boolean).join(' ')
  return { line, cells: { name, email: cell('email'), phone: cell('phone'), team: cell('team') } }
}

/** A cell of our own exports that a spreadsheet would have changed begins with an apostrophe: see csv_cell(). */
const asTyped = (cell: string) => cell.trim().replace(/^'(?='*\s*([-=+@\uff1d\uff0b\uff0d\uff20]|0\d))/, '')
