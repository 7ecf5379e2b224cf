import { inBatches } from '../../platform/in-batches.ts'
import { z } from 'zod'
import { Id, many, maybeOne, one, run, sql, type Db, type Queryable, type Tx } from '../../platform/db.ts'
import { reasonColumn } from '../../platform/reason.ts'
import { problemTexts, stopTexts, warningTexts, type StopReason } from './reason-texts.ts'
import type { Changeable } from './offers/find-update.ts'
import type { ValidatedRow } from './validate-rows.ts'
import type { ReadingNotes } from './parse-csv.ts'

const batchSize = 2_000
const maxUnstarted = 10

const Notes = z.object({
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
  understood: Notes,
  new_teams: z.number(),
  updated: z.number(),
  done: z.number(),
  stop_reason: reasonColumn(stopTexts).nullable(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  request_id: z.string().nullable(),
  created_at: z.date(),
  finished_at: z.date().nullable(),
})
export type ImportRow = z.output<typeof ImportRow>

interface CheckedFile {
  startedBy: string
  fileName: string
  understood: ReadingNotes
}

export async function insertImport(
  tx: Tx,
  { startedBy, fileName, understood }: CheckedFile,
  rows: ValidatedRow[],
) {
  const bad = rows.filter(({ problems }) => problems !== null).length
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
  for (let from = 0; from < rows.length; from += batchSize)
    await run(
      tx,
      sql`insert into import_rows (import_id, line, name, email, phone, team, team_id, new_team, user_id, stored,
            problems, warning)
          select ${id}, line, name, email, phone, team, "teamId", "newTeam", "userId", stored, problems, warning
          from jsonb_to_recordset(${JSON.stringify(rows.slice(from, from + batchSize))}::jsonb)
            as r(line int, name text, email text, phone text, team text, "teamId" uuid, "newTeam" text, "userId" uuid,
              stored jsonb, problems jsonb, warning jsonb)`,
    )
  return id
}

/** An import. Only the person who started it may see it; the caller checks that. */
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
  /** The team they are added to, even if the file names none. */
  into: z.string().nullable(),
  /** The person to update instead, and their details as the dry run showed them. */
  user_id: z.string().nullable(),
  stored: z.custom<Changeable>().nullable(),
  problems: z.array(reasonColumn(problemTexts)).nullable(),
})
export type Row = z.output<typeof Row>

const rowColumns = sql`line, name, email, phone, team, team_id, user_id, stored, problems,
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
        where import_id = ${importId} and problems is not null and line > ${after} order by line limit ${limit}`,
  )
}

const WarnedRow = z.object({ line: z.number(), name: z.string(), warning: reasonColumn(warningTexts) })

/** Valid rows with a warning. */
export function selectWarnedRows(db: Queryable, importId: string, limit: number) {
  return many(
    db,
    WarnedRow,
    sql`select line, name, warning from import_rows
        where import_id = ${importId} and warning is not null order by line limit ${limit}`,
  )
}

const WithoutTeam = z.object({ people: z.coerce.number(), team: z.string() })

/** How many valid rows name no team and are added to the team of the person who uploaded the file. */
export function selectOptionalWithoutTeam(
  db: Queryable,
  importId: string,
): Promise<z.output<typeof WithoutTeam> | undefined> {
  return maybeOne(
    db,
    WithoutTeam,
    sql`select count(*) as people, t.name as team from import_rows r join teams t on t.id = r.team_id
        where import_id = ${importId} and problems is null and team = '' group by t.id`,
  )
}

/** Ordered by email, so that two imports at once lock the same rows in the same order. */
export function selectValidRows(db: Queryable, importId: string): Promise<Row[]> {
  return many(
    db,
    Row,
    sql`select ${rowColumns} from import_rows where import_id = ${importId} and problems is null order by email`,
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

interface Origin {
  ip: string | null
  userAgent: string | null
  requestId: string | null
}

/** Queues a checked import. Returns whether it was waiting to be started. */
export async function updateStarted(tx: Tx, id: string, by: Origin): Promise<boolean> {
  const started = sql`update imports set status = 'queued', started_at = now(), ip = ${by.ip},
    user_agent = ${by.userAgent}, request_id = ${by.requestId} where id = ${id} and status = 'checked'`
  return (await run(tx, started)) > 0
}

/** Lets only one worker at a time run an import. */
export async function lockImport(tx: Tx, id: string): Promise<void> {
  await run(tx, sql`select pg_advisory_xact_lock(hashtext('import'), hashtext(${id}))`)
}

/** Stores the progress outside the import's transaction, so that the page can show it. */
export async function updateProgress(db: Db, id: string, done: number, reason: StopReason | null = null) {
  await run(
    db,
    sql`update imports set done = ${done}, stop_reason = ${reason}::jsonb where id = ${id} and status = 'queued'`,
  )
}

/** Marks the import as done and deletes its valid rows, which are people now. Rows may have been left out on the way. */
export async function updateDone(tx: Tx, id: string, { newTeams }: { newTeams: number }): Promise<void> {
  await run(
    tx,
    sql`with gone as (delete from import_rows where import_id = ${id} and problems is null returning user_id),
          counts as (select count(*) filter (where user_id is null) as imported, count(user_id) as updated from gone)
        update imports i set status = 'done', done = c.imported, good = c.imported, updated = c.updated,
          bad = i.good + i.updated + i.bad - c.imported - c.updated, new_teams = ${newTeams}, stop_reason = null,
          finished_at = now()
        from counts c where i.id = ${id}`,
  )
}

export async function updateStopped(db: Db, id: string, reason: StopReason): Promise<void> {
  await run(
    db,
    sql`update imports set status = 'stopped', done = 0, stop_reason = ${reason}::jsonb, finished_at = now()
        where id = ${id} and status = 'queued'`,
  )
}

/** Deletes old imports with their rows, a few at a time since each may have many rows. */
export const pruneImports = (db: Db): Promise<void> =>
  inBatches(
    (most) =>
      run(
        db,
        sql`delete from imports where id in (
          select id from imports where (status = 'checked' and created_at < now() - interval '1 day')
            or (status in ('done', 'stopped') and created_at < now() - interval '30 days') limit ${most})`,
      ),
    10,
  )
