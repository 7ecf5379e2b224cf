import { z } from 'zod'
import { many, one, run, sql, type Queryable, type Tx } from '../../../platform/db.ts'

/** What the person who confirms an import ticked. */
export interface Choices {
  teams: boolean
}

const TeamOffer = z.object({
  name: z.string(),
  people: z.number(),
  teams: z.number(),
  all_people: z.number(),
})

/** The first teams by name that an import may create, with the rows that name them, and how many there are in total. */
export async function selectTeamOffer(db: Queryable, importId: string, limit: number) {
  const rows = await many(
    db,
    TeamOffer,
    sql`select new_team as name, count(*)::int as people, (count(*) over ())::int as teams,
          (sum(count(*)) over ())::int as all_people
        from import_rows where import_id = ${importId} and new_team is not null and problems is not null
        group by new_team order by new_team collate "und-x-icu" limit ${limit}`,
  )
  const [first] = rows
  return first ? { teams: rows, count: first.teams, people: first.all_people } : null
}

const Accepted = z.object({ created: z.number() })

/** Makes the rows valid that only lacked what was ticked. */
export async function updateAccepted(tx: Tx, importId: string, { teams }: Choices): Promise<void> {
  const { created } = await one(
    tx,
    Accepted,
    sql`with accepted as (
          update import_rows set problems = null
          where import_id = ${importId} and problems is not null and new_team is not null and ${teams}
          returning line)
        select count(*)::int as created from accepted`,
  )
  await run(
    tx,
    sql`update imports set good = good + ${created}, bad = bad - ${created} where id = ${importId}`,
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
