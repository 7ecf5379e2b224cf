const sorted = (all: number[]) => [...all].sort((a, b) => a - b)

/** The value that a share of all do not exceed; 0.5 gives the median. */
export function quantile(all: number[], share: number): number {
  return sorted(all)[Math.min(all.length - 1, Math.floor(all.length * share))] ?? NaN
}

export const median = (all: number[]): number => quantile(all, 0.5)

export function shuffled<T>(all: T[]): T[] {
  return all
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}

export const say = (line: string) => process.stdout.write(`${line}\n`)

type Row = Record<string, string | number>

/** A plain table: words to the left, numbers to the right. */
export function sayTable(rows: Row[]) {
  const names = Object.keys(rows[0] ?? {})
  const columns = names.map((name) => {
    const cells = [name, ...rows.map((row) => inWords(row[name]))]
    const width = Math.max(...cells.map(({ length }) => length))
    const left = rows.every((row) => typeof row[name] === 'string')
    return cells.map((cell) => (left ? cell.padEnd(width) : cell.padStart(width)))
  })
  for (const i of [-1, ...rows.keys()]) say(columns.map((cells) => cells[i + 1]).join('   '))
}

function inWords(cell: Row[string] = ''): string {
  if (typeof cell === 'string' || Number.isInteger(cell)) return cell.toLocaleString('en')
  return cell.toFixed(cell < 10 ? 2 : 1)
}
