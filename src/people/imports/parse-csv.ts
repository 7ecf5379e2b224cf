import { ok, invalid, type Result } from '../../platform/result.ts'
import { decode, type Encoding } from './decode-text.ts'
import { quoted, readHeader, type Header } from './csv-header.ts'
import { maxRows, recordsOf, tooMany, UnreadableCsv, type CsvRecord } from './csv-records.ts'

export type Cells = Record<'name' | 'email' | 'phone' | 'team', string>

/** A row of the file. Its cells are undefined if there are more than the header has columns. */
export interface FileRow {
  line: number
  cells: Cells | undefined
}

/** How a file was read, to show with the result. */
export interface ReadingNotes {
  encoding: Encoding
  separator: string
  columns: { name: string; as: string }[]
  notUsed: string
  language: string | null
}

export interface FileRead {
  rows: FileRow[]
  understood: ReadingNotes
}

/**
 * Reads a CSV of people, as saved by spreadsheets and other programs. Errors of the whole file are returned; errors of
 * rows are found by `validateRows`.
 */
export async function parseCsv(bytes: Buffer): Promise<Result<FileRead>> {
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
    return invalid({
      file: 'This is a spreadsheet, not a CSV file. In your spreadsheet program, save it as “CSV UTF-8”.',
    })
  if (countLineEnds(bytes) > maxLines) return invalid({ file: tooMany('rows', maxRows) })
  const { text, encoding } = decode(bytes)
  const lines = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const { body, separator } = separatorOf(lines)
  if (firstLine(body).includes('\0'))
    return invalid({
      file: 'This is not a CSV file in UTF-8. In your spreadsheet program, save it as “CSV UTF-8”.',
    })
  const records = await recordsOf(body, separator).catch(toFileError)
  if (!Array.isArray(records)) return records
  const [first, ...rows] = records
  const header = readHeader(withoutEmptyEnd(first?.cells ?? []))
  if (!header.ok) return header
  if (rows.length === 0) return invalid({ file: 'There are no rows below the header.' })
  const understood = { encoding, separator: separators[separator] ?? separator, ...columnNotes(header.value) }
  return ok({ rows: rows.map((row) => rowOf(row, header.value)), understood })
}

/** More than rows: lines may be empty, and an unclosed quotation mark has its own error. */
const maxLines = 20 * maxRows

/** Counts in the bytes, before they are decoded. */
function countLineEnds(bytes: Buffer): number {
  let count = 0
  for (let i = 0; i < bytes.length; i++)
    if (bytes[i] === 0x0a || (bytes[i] === 0x0d && bytes[i + 1] !== 0x0a)) count++
  return count
}

function columnNotes({ columns, names }: Header) {
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
  '|': 'vertical bars',
}

const firstLine = (text: string) => /^[\s,;|]*([^\n]*)/.exec(text)?.[1] ?? ''

/** The separator from a first line `sep=;`, as Excel writes it, or else the most frequent one in the header. */
function separatorOf(text: string): { body: string; separator: string } {
  const named = /^"?sep=(.)"?[^\S\n]*(?=\n)/i.exec(text)
  if (named) return { body: text.slice(named[0].length), separator: named[1] ?? ',' }
  const header = firstLine(text).replace(/"(?:[^"]|"")*"/g, '')
  const times = (separator: string) => header.split(separator).length
  const [most = ','] = Object.keys(separators).sort((a, b) => times(b) - times(a))
  return { body: text, separator: most }
}

function toFileError(error: unknown) {
  if (error instanceof UnreadableCsv) return invalid({ file: error.message })
  throw error
}

/** Spreadsheets also save empty columns. */
function withoutEmptyEnd(cells: string[]): string[] {
  const last = cells.findLastIndex((cell) => cell.trim() !== '')
  return cells.slice(0, last + 1)
}

function rowOf({ cells: found, line }: CsvRecord, { columns }: Header): FileRow {
  const cells = withoutEmptyEnd(found)
  if (cells.length > columns.length) return { line, cells: undefined }
  const cell = (column: Header['columns'][number]) => unescapeCell(cells[columns.indexOf(column)] ?? '')
  const name = cell('name') || [cell('first name'), cell('last name')].filter(Boolean).join(' ')
  return { line, cells: { name, email: cell('email'), phone: cell('phone'), team: cell('team') } }
}

/** Removes the apostrophe that csv_cell() puts before cells which a spreadsheet would change. */
const unescapeCell = (cell: string) =>
  cell.trim().replace(/^'(?='*\s*([-=+@\uff1d\uff0b\uff0d\uff20]|0\d))/, '')
