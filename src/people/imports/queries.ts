import { z } from 'zod'
import { Id, many, maybeOne, one, run, sql, type Db, type Queryable, type Tx } from '../../platform/db.ts'
import type { ValidatedRow } from './validate-rows.ts'
import type { Understood } from './parse-csv.ts'

const atOnce = 2_000
const maxUnstarted = 10

const Understanding = z.object({
  encoding: z.string().default('UTF-8'),
  separator: z.string().default('commas'),
  columns: z.array(z.object({ name: z.string(), as: z.string() })).default([]),
  notUsed: z.string().default(''),
  language: z.string().nullable().default(null),
})

const ImportRow = z.object({
  id: z.string(),
  started_by: z.string(),
  file_name: z.string(),
  status: z.enum(['checked', 'queued', 'done', 'stopped']),
  good: z.number(),
  bad: z.number(),
  warned: z.number(),
  understood: Understanding,
  done: z.number(),
  problem: z.string().nullable(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  request_id: z.string().nullable(),
  created_at: z.date(),
  finished_at: z.date().nullable(),
})
export type ImportRow = z.output<typeof ImportRow>

interface Checked {
  startedBy: string
  fileName: string
  understood: Understood
}

export async function insertImport(
  tx: Tx,
  { startedBy, fileName, understood }: Checked,
  rows: ValidatedRow[],
) {
  const bad = rows.filter(({ problem }) => problem !== null).length
  const warned = rows.filter(({ warning }) => warning !== null).length
  const { id } = await one(
    tx,
    Id,
    sql`insert into imports (started_by, file_name, good, bad, warned, understood)
        values (${startedBy}, ${fileName}, ${rows.length - bad}, ${bad}, ${warned}, ${understood}) returning id`,
  )
  await run(
    tx,
    sql`delete from imports where id in (select id from imports where started_by = ${startedBy} and status = 'checked'
          order by created_at desc, id offset ${maxUnstarted})`,
  )
  for (let from = 0; from < rows.length; from += atOnce)
    await run(
      tx,
      sql`insert into import_rows (import_id, line, name, email, phone, team, team_id, problem, warning)
          select ${id}, line, name, email, phone, team, "teamId", problem, warning
          from jsonb_to_recordset(${JSON.stringify(rows.slice(from, from + atOnce))}::jsonb)
            as r(line int, name text, email text, phone text, team text, "teamId" uuid, problem text, warning text)`,
    )
  return id
}

/** An import, for whoever started it alone. */
export function selectOptionalImport(db: Queryable, id: string): Promise<ImportRow | undefined> {
  return maybeOne(db, ImportRow, sql`select * from imports where id = ${id}`)
}

const Row = z.object({
  line: z.number(),
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  team: z.string(),
  team_id: z.string().nullable(),
  /** The team they go into, which the file need not name. */
  into: z.string().nullable(),
  problem: z.string().nullable(),
})
export type Row = z.output<typeof Row>

const rowColumns = sql`line, name, email, phone, team, team_id, problem,
  (select t.name from teams t where t.id = team_id) as into`

export function selectInvalidRows(
  db: Queryable,
  importId: string,
  after: number,
  limit: number,
): Promise<Row[]> {
  return many(
    db,
    Row,
    sql`select ${rowColumns} from import_rows
        where import_id = ${importId} and problem is not null and line > ${after} order by line limit ${limit}`,
  )
}

const Warned = z.object({ line: z.number(), name: z.string(), warning: z.string() })

/** Good rows in which something should be looked at. */
export function selectWarnedRows(db: Queryable, importId: string, limit: number) {
  return many(
    db,
    Warned,
    sql`select line, name, warning from import_rows
        where import_id = ${importId} and warning is not null order by line limit ${limit}`,
  )
}

const WithoutTeam = z.object({ people: z.coerce.number(), team: z.string() })

/** How many good rows name no team and go into one all the same, which is that of whoever uploaded them. */
export function selectOptionalWithoutTeam(
  db: Queryable,
  importId: string,
): Promise<z.output<typeof WithoutTeam> | undefined> {
  return maybeOne(
    db,
    WithoutTeam,
    sql`select count(*) as people, t.name as team from import_rows r join teams t on t.id = r.team_id
        where import_id = ${importId} and problem is null and team = '' group by t.id`,
  )
}

/** By address, so that two imports at once come to the same ones in the same order. */
export function selectValidRows(db: Queryable, importId: string): Promise<Row[]> {
  return many(
    db,
    Row,
    sql`select ${rowColumns} from import_rows where import_id = ${importId} and problem is null order by email`,
  )
}

const Taken = z.object({ email: z.string() })

export async function selectTaken(db: Queryable, emails: string[]): Promise<Set<string>> {
  const rows = await many(db, Taken, sql`select email from users where email = any(${emails}::text[])`)
  return new Set(rows.map(({ email }) => email))
}

const Team = z.object({ id: z.string(), name: z.string() })

export function selectAllTeams(db: Queryable) {
  return many(db, Team, sql`select id, name from teams`)
}

interface From {
  ip: string | null
  userAgent: string | null
  requestId: string | null
}

/** Puts an import that was checked on its way; says whether it was there to be started. */
export async function updateStarted(tx: Tx, id: string, by: From): Promise<boolean> {
  const started = sql`update imports set status = 'queued', started_at = now(), ip = ${by.ip},
    user_agent = ${by.userAgent}, request_id = ${by.requestId} where id = ${id} and status = 'checked'`
  return (await run(tx, started)) > 0
}

/** One worker at a time takes an import in, however many think it is theirs. */
export async function lockImport(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('import'), hashtext(${id}))`)
}

/** How far it is: outside the transaction that does it, for those who look on meanwhile. */
export async function updateProgress(db: Db, id: string, done: number, problem: string | null = null) {
  await run(
    db,
    sql`update imports set done = ${done}, problem = ${problem} where id = ${id} and status = 'queued'`,
  )
}

/** They are people now, and are not kept a second time. */
export async function updateDone(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`delete from import_rows where import_id = ${id} and problem is null`)
  await run(
    tx,
    sql`update imports set status = 'done', done = good, problem = null, finished_at = now() where id = ${id}`,
  )
}

export async function updateStopped(db: Db, id: string, problem: string): Promise<void> {
  await run(
    db,
    sql`update imports set status = 'stopped', done = 0, problem = ${problem}, finished_at = now()
        where id = ${id} and status = 'queued'`,
  )
}

/** Files hold people's names and addresses: one that nobody started goes after a day, all others after a month. */
export function deleteOldImports(db: Db, most: number): Promise<number> {
  return run(
    db,
    sql`delete from imports where id in (
          select id from imports where (status = 'checked' and created_at < now() - interval '1 day')
            or (status in ('done', 'stopped') and created_at < now() - interval '30 days') limit ${most})`,
  )
}
