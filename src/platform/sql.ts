import pg from 'pg'
import { spellings } from './email-address.ts'

/** A piece of SQL with its parameters. Pieces nest: sql`select … ${condition}`. */
export class Sql {
  readonly text: string
  readonly values: unknown[]
  readonly name: string | undefined
  /** See `lookup`. */
  readonly isLookup: boolean

  constructor(text: string, values: unknown[], name?: string, isLookup = false) {
    this.text = text
    this.values = values
    this.name = name
    this.isLookup = isLookup
  }

  /**
   * A prepared statement: each connection parses and plans it once. For statements of nearly every request whose text
   * is always the same.
   */
  prepared(name: string): Sql {
    return new Sql(this.text, this.values, name)
  }

  /** A prepared statement named after its text, for one that is composed of few different pieces. */
  preparedByText(): Sql {
    const name = namesByText.get(this.text) ?? `text ${namesByText.size}`
    namesByText.set(this.text, name)
    return this.prepared(name)
  }

  /**
   * A prepared statement that reads few rows by key and never waits for a lock. Outside a transaction it shares one
   * connection with all others of its kind: see `Pipeline`.
   */
  lookup(name: string): Sql {
    return new Sql(this.text, this.values, name, true)
  }

  /** The same statement with other values, for one that is composed once. */
  with(...values: unknown[]): Sql {
    return new Sql(this.text, values, this.name, this.isLookup)
  }
}

const namesByText = new Map<string, string>()

export type Statement = Pick<Sql, 'text' | 'values'> & {
  name?: string | undefined
  isLookup?: boolean
}

export function sql(parts: TemplateStringsArray, ...inserts: unknown[]): Sql {
  let text = parts[0] ?? ''
  const values: unknown[] = []
  inserts.forEach((insert, i) => {
    if (insert instanceof Sql) {
      text += insert.text.replace(/\$(\d+)/g, (_, n: string) => `$${Number(n) + values.length}`)
      values.push(...insert.values)
    } else {
      values.push(insert)
      text += `$${values.length}`
    }
    text += parts[i + 1] ?? ''
  })
  return new Sql(text, values)
}

/** A whole number of ours as part of the text: a prepared statement is planned for it. */
export const constant = (number: number): Sql => new Sql(String(Math.trunc(number)), [])

/** Joins the given conditions with `and`; empty ones are skipped. */
export function allOf(conditions: (Sql | false | '' | null | undefined)[]): Sql {
  return conditions.reduce<Sql>((all, next) => (next ? sql`${all} and ${next}` : all), sql`true`)
}

/** Joins conditions with `or`. */
export const anyOf = (conditions: Sql[]): Sql =>
  sql`(${conditions.reduce((any, next) => sql`${any} or ${next}`)})`

/** The LIKE pattern for text that contains `words`. The database folds the case, as it did for the stored text. */
/** A time as ISO 8601 in UTC with milliseconds. */
export const utc = (column: Sql): Sql =>
  sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

export const containing = (words: string): string => `%${words.replace(/[\\%_]/g, '\\$&')}%`

/** Whether a lower-case column contains the words, with any domain in either spelling. */
export function finds(column: Sql, words: string): Sql {
  const [typed = '', ascii] = spellings(words)
  const contains = (spelling: string) => sql`${column} like lower(${containing(spelling)})`
  return ascii === undefined ? contains(typed) : sql`(${contains(typed)} or ${contains(ascii)})`
}

/** Writes the values into a statement, for COPY, which takes no parameters. Lists become arrays: cast them. */
export function interpolate({ text, values }: Sql): string {
  return text.replace(/\$(\d+)/g, (_, n: string) => literal(values[Number(n) - 1]))
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return `array[${value.map(literal).join(', ')}]`
  return pg.escapeLiteral(String(value as string | number | boolean))
}
