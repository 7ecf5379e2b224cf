import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { recordsOf, UnreadableCsv, type CsvRecord } from './records.ts'

export const columns = ['name', 'email', 'phone', 'team'] as const

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
export async function readFile(bytes: Buffer): Promise<Outcome<FileRow[]>> {
  const decoded = new TextDecoder('utf-8').decode(bytes) // what is no UTF-8 becomes U+FFFD, which the row is told for
  const text = decoded.replace(/\r\n?/g, '\n')
  const [first = ''] = text.split('\n', 1)
  if (first.includes('\0')) return refused({ file: `This is not a text in UTF-8. ${asUtf8}` })
  let records: CsvRecord[]
  try {
    records = await recordsOf(text, first.includes(';') ? ';' : ',')
  } catch (error) {
    if (error instanceof UnreadableCsv) return refused({ file: error.message })
    throw error
  }
  const [names, ...rows] = records
  const order = names?.cells.map((name) => name.trim().toLowerCase()) ?? []
  if ([...order].sort().join() !== [...columns].sort().join()) return refused({ file: header })
  if (rows.length === 0) return refused({ file: 'There are no rows below the header.' })
  return done(rows.map((row) => rowOf(row, order)))
}

function rowOf({ cells: found, line }: CsvRecord, order: string[]): FileRow {
  const named = Object.fromEntries(order.map((name, i) => [name, asTyped(found[i] ?? '')]))
  const cells = found.length === order.length ? (named as FileRow['cells']) : undefined
  return { line, cells, count: found.length }
}

/** A cell of our own exports that would have been a formula begins with an apostrophe. */
const asTyped = (cell: string) => cell.trim().replace(/^'(?=\s*[-=+@])/, '')
