import { CsvError, parse, type Parser } from 'csv-parse'
import { setImmediate } from 'node:timers/promises'

export const maxRows = 50_000
/** Twenty to a row, where there are as many rows as may be. */
const maxCells = 20 * maxRows
/** Of one row, without its separators. The longest cells that a person can have are far below. */
const maxCharacters = 10_000
/** Small, since csv-parse makes an Error of each row that is shorter or longer than the first, and takes its time. */
const slice = 1024

export interface CsvRecord {
  cells: string[]
  /** The line on which the row begins. */
  line: number
}

/** Why a file cannot be told apart into rows, in words. */
export class UnreadableCsv extends Error {}

/**
 * Tells a CSV apart into its rows, the header first. A file of five megabytes may hold millions of rows or cells: it is
 * bounded in both while it is read, and after every slice others have their turn.
 */
export async function recordsOf(text: string, delimiter: string): Promise<CsvRecord[]> {
  if (countOf(delimiter, text) > maxCells) throw new UnreadableCsv(tooMuch('cells', maxCells))
  const records: CsvRecord[] = []
  let fault: Error | undefined
  const parser = parse({
    ...{ delimiter, info: true, skip_empty_lines: true },
    ...{ relax_column_count: true, relax_quotes: true, max_record_size: maxCharacters },
  }).on('error', (error) => (fault = error))
  for (let at = 0; at <= text.length; at += slice) {
    if (at + slice > text.length) parser.end(text.slice(at))
    else parser.write(text.slice(at, at + slice))
    take(records, parser)
    await setImmediate()
    if (fault) throw fault instanceof CsvError ? new UnreadableCsv(inWords(fault)) : fault
  }
  take(records, parser)
  return records
}

function take(records: CsvRecord[], parser: Parser) {
  for (let row = next(parser); row; row = next(parser))
    if (!isEmpty(row) && records.push(recordOf(row)) > maxRows + 1)
      throw new UnreadableCsv(tooMuch('rows', maxRows))
}

interface Parsed {
  record: string[]
  info: { lines: number }
}
/** Spreadsheets save lines of nothing but separators. */
const isEmpty = ({ record }: Parsed) => record.every((cell) => cell.trim() === '')
const next = (parser: Parser) => parser.read() as Parsed | null

/** A cell may hold line breaks; the parser tells the line on which its row ends. */
function recordOf({ record, info }: Parsed): CsvRecord {
  const breaks = record.reduce((sum, cell) => sum + countOf('\n', cell), 0)
  return { cells: record, line: info.lines - breaks }
}

function countOf(what: string, text: string): number {
  let count = 0
  for (let at = text.indexOf(what); at !== -1; at = text.indexOf(what, at + 1)) count++
  return count
}

const inNumbers = (number: number) => number.toLocaleString('en')
export const tooMuch = (what: string, most: number) =>
  `The file has too many ${what}: at most ${inNumbers(most)} go at once. Split it.`

function inWords({ code, lines }: CsvError & { lines?: number }): string {
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `A row near line ${lines} is longer than ${inNumbers(maxCharacters)} characters. Perhaps a quotation mark is opened there and never closed.`
  return 'A quotation mark is opened and never closed, so the rows cannot be told apart.'
}
