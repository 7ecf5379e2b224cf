import pg from 'pg'
import { Sql, type Statement } from './sql.ts'

/** Rows of a table that mirror a list in the code. `migrate` writes them and never deletes one. */
export interface ReferenceRows {
  table: string
  /** The columns that identify a row. */
  key: readonly string[]
  rows: readonly Record<string, unknown>[]
  /** Columns that existing rows take from the code, too. The others are only set in new rows. */
  follow?: readonly string[]
}

/** Adds missing rows and updates the columns that follow the code. Returns what it wrote, as "table: row, row". */
export async function writeReferenceRows(owner: pg.ClientBase, all: ReferenceRows[]): Promise<string[]> {
  const written = await differingRows(all, (statement) => owner.query(statement))
  if (written.length === 0) return written
  try {
    await owner.query("begin; set local fieldkey.migrating = 'yes'")
    for (const each of all) {
      if (each.follow) await owner.query(updateOf(each, each.follow))
      await owner.query(insertOf(each))
    }
    // Tables this small are never analyzed by themselves, and the lists of people are planned by them.
    await owner.query(`analyze ${all.map(({ table }) => name(table)).join(', ')}`)
    await owner.query('commit')
  } catch (cause) {
    await owner.query('rollback').catch(() => {})
    throw new Error(`Writing ${written.join(', ')} failed and was undone: ${(cause as Error).message}`, {
      cause,
    })
  }
  return written
}

type Ask = (statement: Statement) => Promise<{ rows: unknown[] }>

/** The rows that are missing or differ in what follows the code, as "table: row, row". */
export async function differingRows(all: ReferenceRows[], ask: Ask): Promise<string[]> {
  const found: string[] = []
  for (const each of all) {
    const { rows } = await ask(differenceOf(each))
    if (rows.length > 0)
      found.push(`${each.table}: ${rows.map((row) => (row as { name: string }).name).join(', ')}`)
  }
  return found
}

const name = pg.escapeIdentifier
const columnsOf = (alias: string, columns: readonly string[]) =>
  columns.map((column) => `${alias}.${name(column)}`).join(', ')

/** Matches row `t` of the table with row `r` of the code. */
const matches = ({ key }: ReferenceRows) => `(${columnsOf('t', key)}) = (${columnsOf('r', key)})`
const listed = ({ table }: ReferenceRows) =>
  `(select *, row_number() over () as place from jsonb_populate_recordset(null::${name(table)}, $1)) r`
const statement = ({ rows }: ReferenceRows, text: string) => new Sql(text, [JSON.stringify(rows)])

function differenceOf(each: ReferenceRows): Sql {
  const { table, key, follow = key } = each
  return statement(
    each,
    `select ${columnsOf('r', key.slice(0, 1))}::text as name from ${listed(each)} where not exists (
       select from ${name(table)} t where ${matches(each)}
         and (${columnsOf('t', follow)}) is not distinct from (${columnsOf('r', follow)}))
     order by r.place`,
  )
}

function insertOf(each: ReferenceRows): Sql {
  const columns = Object.keys(each.rows[0] ?? {})
  return statement(
    each,
    `insert into ${name(each.table)} (${columns.map(name).join(', ')}) select ${columnsOf('r', columns)}
     from ${listed(each)} where not exists (select from ${name(each.table)} t where ${matches(each)})`,
  )
}

function updateOf(each: ReferenceRows, follow: readonly string[]): Sql {
  return statement(
    each,
    `update ${name(each.table)} t set ${follow.map((column) => `${name(column)} = r.${name(column)}`).join(', ')}
     from ${listed(each)} where ${matches(each)}
       and (${columnsOf('t', follow)}) is distinct from (${columnsOf('r', follow)})`,
  )
}
