import { z } from 'zod'
import type { Target } from '../../../access/actor.ts'
import { many, one, run, sql, type Queryable, type Tx } from '../../../platform/db.ts'
import { selectRoles } from '../../manage/queries.ts'
import type { Problem } from '../reason-texts.ts'
import type { Changeable, Known } from './find-update.ts'

const KnownRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  team_id: z.string().nullable(),
  team: z.string().nullable(),
  role_id: z.string(),
})

/** The people with these email addresses or ids, by address. */
export async function selectKnown(
  db: Queryable,
  who: { emails: string[] } | { ids: string[] },
): Promise<Map<string, Known>> {
  const roles = new Map((await selectRoles(db)).map((role) => [role.id, role]))
  const these =
    'emails' in who ? sql`u.email = any(${who.emails}::text[])` : sql`u.id = any(${who.ids}::uuid[])`
  const rows = await many(
    db,
    KnownRow,
    sql`select u.id, u.email, u.name, u.phone, u.team_id, t.name as team, u.role_id
        from users u left join teams t on t.id = u.team_id where ${these}`,
  )
  return new Map(rows.flatMap((row) => knownOf(row, roles.get(row.role_id))))
}

function knownOf(row: z.output<typeof KnownRow>, role: Target['role'] | undefined): [string, Known][] {
  if (!role) return []
  const { id, email, name, phone, team_id: teamId, team } = row
  return [[email, { name, phone, teamId, team, target: { id, name, email, teamId, role } }]]
}

/** What the person who confirms an import ticked. */
export interface Choices {
  teams: boolean
  updates: boolean
}

const TeamOffer = z.object({
  name: z.string(),
  rows: z.number(),
  teams: z.number(),
  new_people: z.number(),
})

/** The first teams by name that an import may create, with the rows that name them, and how many there are in total. */
export async function selectTeamOffer(db: Queryable, importId: string, limit: number) {
  const rows = await many(
    db,
    TeamOffer,
    sql`select new_team as name, count(*)::int as rows, (count(*) over ())::int as teams,
          (sum(count(*) filter (where user_id is null)) over ())::int as new_people
        from import_rows where import_id = ${importId} and new_team is not null and problems is not null
        group by new_team order by new_team collate "und-x-icu" limit ${limit}`,
  )
  const [first] = rows
  return first ? { teams: rows, count: first.teams, people: first.new_people } : null
}

const UpdateOffer = z.object({ people: z.number(), into_new: z.number() })

/** How many people an import may update, and how many of them go to a team that is to be created. */
export async function selectUpdateOffer(db: Queryable, importId: string) {
  const { people, into_new } = await one(
    db,
    UpdateOffer,
    sql`select count(*)::int as people, count(new_team)::int as into_new
        from import_rows where import_id = ${importId} and user_id is not null and problems is not null`,
  )
  return people > 0 ? { people, intoNew: into_new } : null
}

const Change = z.object({
  line: z.number(),
  user_id: z.string(),
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  team: z.string(),
  stored: z.custom<Changeable>(),
})
export type Change = z.output<typeof Change>

export function selectChanges(
  db: Queryable,
  importId: string,
  after: number,
  limit: number,
): Promise<Change[]> {
  return many(
    db,
    Change,
    sql`select line, user_id, name, email, phone, team, stored from import_rows
        where import_id = ${importId} and user_id is not null and problems is not null and line > ${after}
        order by line limit ${limit}`,
  )
}

const isOffered = (importId: string) =>
  sql`import_id = ${importId} and problems is not null and (new_team is not null or user_id is not null)`
const isTicked = ({ teams, updates }: Choices) =>
  sql`(${teams} or new_team is null) and (${updates} or user_id is null)`

const Accepted = z.object({ offered: z.number(), created: z.number(), updated: z.number() })
export type Accepted = z.output<typeof Accepted>

/** How many rows are offered, and how many of them become valid by what was ticked. */
export function selectAccepted(tx: Tx, importId: string, choices: Choices): Promise<Accepted> {
  return one(
    tx,
    Accepted,
    sql`select count(*)::int as offered,
          (count(*) filter (where user_id is null and ${isTicked(choices)}))::int as created,
          (count(*) filter (where user_id is not null and ${isTicked(choices)}))::int as updated
        from import_rows where ${isOffered(importId)}`,
  )
}

/** Makes the rows valid that only lacked what was ticked. */
export async function updateAccepted(
  tx: Tx,
  importId: string,
  choices: Choices,
  { created, updated }: Accepted,
): Promise<void> {
  await run(
    tx,
    sql`update import_rows set problems = null where ${isOffered(importId)} and ${isTicked(choices)}`,
  )
  await run(
    tx,
    sql`update imports set good = good + ${created}, updated = ${updated}, bad = bad - ${created + updated}
        where id = ${importId}`,
  )
}

const Name = z.object({ name: z.string() })

/** The names of the teams that the valid rows of an import need created. */
export async function selectNewTeams(tx: Tx, importId: string): Promise<string[]> {
  const rows = await many(
    tx,
    Name,
    sql`select distinct new_team as name from import_rows
        where import_id = ${importId} and problems is null and new_team is not null`,
  )
  return rows.map(({ name }) => name)
}

export async function updateTeamsCreated(tx: Tx, importId: string, teams: { id: string; name: string }[]) {
  await run(
    tx,
    sql`update import_rows r set team_id = t.id
        from jsonb_to_recordset(${JSON.stringify(teams)}::jsonb) as t(id uuid, name text)
        where r.import_id = ${importId} and r.problems is null and r.new_team = t.name`,
  )
}

/** Leaves out the valid rows whose team someone else created since the file was checked. `updateDone` counts them. */
export async function updateTeamsTaken(tx: Tx, importId: string): Promise<void> {
  await run(
    tx,
    sql`update import_rows set problems = jsonb_build_array(jsonb_build_object('code', 'team_created', 'team', new_team))
        where import_id = ${importId} and problems is null and new_team is not null and team_id is null`,
  )
}

/** Leaves out rows, each for its reason. `updateDone` counts them. */
export async function updateLeftOut(tx: Tx, importId: string, rows: { line: number; problem: Problem }[]) {
  await run(
    tx,
    sql`update import_rows r set problems = jsonb_build_array(o.problem)
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as o(line int, problem jsonb)
        where r.import_id = ${importId} and r.line = o.line`,
  )
}
