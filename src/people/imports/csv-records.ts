import { CsvError, parse, type Parser } from 'csv-parse'
import { setImmediate } from 'node:timers/promises'

export const maxRows = 50_000
/** Twenty cells a row for the most rows allowed. */
const maxCells = 20 * maxRows
/** In one row, without separators. Valid rows are far shorter. */
const maxCharacters = 10_000
/** Small, since csv-parse slowly creates an Error for each row that is shorter or longer than the first. */
const chunkSize = 1024

export interface CsvRecord {
  cells: string[]
  /** The line on which the row begins. */
  line: number
}

/** A file that cannot be split into rows. The message is for people. */
export class UnreadableCsv extends Error {}

/**
 * Splits a CSV into rows, the header first. A file of 5 MB can contain millions of rows or cells, so both are limited
 * while it is read. It yields to the event loop after every chunk.
 */
export async function recordsOf(text: string, delimiter: string): Promise<CsvRecord[]> {
  if (countOf(delimiter, text) > maxCells) throw new UnreadableCsv(tooMany('cells', maxCells))
  const records: CsvRecord[] = []
  let parseError: Error | undefined
  const parser = parse({
    delimiter,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: maxCharacters,
  }).on('error', (error) => (parseError = error))
  for (let at = 0; at <= text.length; at += chunkSize) {
    if (at + chunkSize > text.length) parser.end(text.slice(at))
    else parser.write(text.slice(at, at + chunkSize))
    readRecords(records, parser)
    await setImmediate()
    if (parseError)
      throw parseError instanceof CsvError ? new UnreadableCsv(errorText(parseError)) : parseError
  }
  readRecords(records, parser)
  return records
}

function readRecords(records: CsvRecord[], parser: Parser) {
  for (let row = next(parser); row; row = next(parser))
    if (!isEmpty(row) && records.push(recordOf(row)) > maxRows + 1)
      throw new UnreadableCsv(tooMany('rows', maxRows))
}

interface Parsed {
  record: string[]
  info: { lines: number }
}
/** Spreadsheets save lines that contain only separators. */
const isEmpty = ({ record }: Parsed) => record.every((cell) => cell.trim() === '')
const next = (parser: Parser) => parser.read() as Parsed | null

/** A cell may contain line breaks; the parser gives the line on which its row ends. */
function recordOf({ record, info }: Parsed): CsvRecord {
  const breaks = record.reduce((sum, cell) => sum + countOf('\n', cell), 0)
  return { cells: record, line: info.lines - breaks }
}

function countOf(what: string, text: string): number {
  let count = 0
  for (let at = text.indexOf(what); at !== -1; at = text.indexOf(what, at + 1)) count++
  return count
}

const formatNumber = (number: number) => number.toLocaleString('en')
export const tooMany = (what: string, max: number) =>
  `The file has too many ${what}: at most ${formatNumber(max)} are possible. Split it.`

function errorText({ code, lines }: CsvError & { lines?: number }): string {
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `A row near line ${lines} is longer than ${formatNumber(maxCharacters)} characters. It may have an opening quotation mark without a closing one.`
  return 'A quotation mark is opened and never closed, so the rows cannot be read.'
}
