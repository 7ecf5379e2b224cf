import { parse } from 'csv-parse/sync'
import { done, refused, type Outcome } from '../foundation/outcome.ts'

export const columns = ['name', 'email', 'phone', 'team'] as const
export const mostRows = 50_000

/** A row as it stood in the file; with other cells than the header has it has no columns. */
export interface FileRow {
  line: number
  cells: Record<(typeof columns)[number], string> | undefined
  count: number
}

const header = `The first line must name the columns: ${columns.join(',')}.`
const asUtf8 = 'In Excel, save the file as “CSV UTF-8”.'

/**
 * Reads a CSV of people: UTF-8 with or without the mark that Excel puts first, commas or semicolons, the columns in any
 * order. What is wrong with the file as a whole is told beside it; what is wrong with a row is for whoever judges rows.
 */
export function readFile(bytes: Buffer): Outcome<FileRow[]> {
  const decoded = new TextDecoder('utf-8').decode(bytes) // what is no UTF-8 becomes U+FFFD, which the row is told for
  const text = decoded.replace(/\r\n?/g, '\n')
  const [first = ''] = text.split('\n', 1)
  if (first.includes('\0')) return refused({ file: `This is not a text in UTF-8. ${asUtf8}` })
  const records = recordsOf(text, first.includes(';') ? ';' : ',')
  if (!records)
    return refused({ file: 'A quotation mark is opened and never closed, so the rows cannot be told apart.' })
  const [names, ...rows] = records
  const order = names?.record.map((name) => name.trim().toLowerCase()) ?? []
  if ([...order].sort().join() !== [...columns].sort().join()) return refused({ file: header })
  if (rows.length === 0) return refused({ file: 'There are no rows below the header.' })
  if (rows.length > mostRows)
    return refused({
      file: `The file has ${rows.length.toLocaleString('en')} rows; at most ${mostRows.toLocaleString('en')} go at once. Split it.`,
    })
  return done(rows.map(({ record, info }) => rowOf(record, firstLine(record, info), order)))
}

interface CsvRecord {
  record: string[]
  info: { lines: number }
}

/** A cell may hold line breaks; the parser tells the line on which its row ends. */
const firstLine = (record: string[], info: CsvRecord['info']) =>
  info.lines - record.reduce((breaks, cell) => breaks + (cell.split('\n').length - 1), 0)

function recordsOf(text: string, delimiter: string): CsvRecord[] | undefined {
  try {
    return parse(text, {
      ...{ bom: true, delimiter, info: true, skip_empty_lines: true },
      ...{ relax_column_count: true, relax_quotes: true },
    }) as unknown as CsvRecord[]
  } catch {
    return undefined
  }
}

function rowOf(record: string[], line: number, order: string[]): FileRow {
  const named = Object.fromEntries(order.map((name, i) => [name, asTyped(record[i] ?? '')]))
  const cells = record.length === order.length ? (named as FileRow['cells']) : undefined
  return { line, cells, count: record.length }
}

/** A cell of our own exports that would have been a formula begins with an apostrophe. */
const asTyped = (cell: string) => cell.trim().replace(/^'(?=\s*[-=+@])/, '')
