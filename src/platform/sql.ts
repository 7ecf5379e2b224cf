import pg from 'pg'
import { spellings } from './email-address.ts'

/** A piece of SQL with its parameters. Pieces nest: sql`select … ${condition}`. */
export class Sql {
  readonly text: string
  readonly values: unknown[]
  readonly name: string | undefined

  constructor(text: string, values: unknown[], name?: string) {
    this.text = text
    this.values = values
    this.name = name
  }

  /** The same, parsed and planned once for each connection: for what nearly every request asks, always in the same words. */
  prepared(name: string): Sql {
    return new Sql(this.text, this.values, name)
  }
}

/** What goes to the database. */
export type Statement = Pick<Sql, 'text' | 'values'> & { name?: string | undefined }

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

/** Those of the conditions that are asked for, all of which must hold. */
export function allOf(conditions: (Sql | false | '' | null | undefined)[]): Sql {
  return conditions.reduce<Sql>((all, next) => (next ? sql`${all} and ${next}` : all), sql`true`)
}

/** The pattern of LIKE for what holds some words; their case is the database's to fold, as it folded what it keeps. */
export const containing = (words: string): string => `%${words.replace(/[\\%_]/g, '\\$&')}%`

/** Whether a text in lower case holds some words, in either spelling of a domain among them. */
export function finds(column: Sql, words: string): Sql {
  const [typed = '', other] = spellings(words)
  const as = (spelling: string) => sql`${column} like lower(${containing(spelling)})`
  return other === undefined ? as(typed) : sql`(${as(typed)} or ${as(other)})`
}

/** A statement with its values written into it, for COPY, which takes no parameters. Lists become arrays: cast them. */
export function interpolate({ text, values }: Sql): string {
  return text.replace(/\$(\d+)/g, (_, n: string) => literal(values[Number(n) - 1]))
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return `array[${value.map(literal).join(', ')}]`
  return pg.escapeLiteral(String(value as string | number | boolean))
}
