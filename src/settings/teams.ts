import type { Actor, RequestContext, Target } from '../access/actor.ts'
import { record, recordAll } from '../activity/record.ts'
import type { Db, Tx } from '../platform/db.ts'
import { ok, invalid, type Result } from '../platform/result.ts'
import { NotFound } from '../platform/web/errors.ts'
import {
  insertTeam,
  insertTeams,
  lockTeams,
  selectOptionalTeam,
  selectTeamNameTaken,
  updateTeam,
} from './queries.ts'
import { reauthorizeSettings } from './reauthorize.ts'

const nameTaken = 'Another team has this name. Choose another name.'

export async function addTeam(db: Db, by: RequestContext<Actor>, name: string): Promise<Result<void>> {
  return db.transaction(async (tx) => {
    await lockAndReauthorize(tx, by)
    if (await selectTeamNameTaken(tx, name, null)) return invalid({ name: nameTaken })
    await insertTeam(tx, name)
    record(tx, by, { event: 'policy_changed', details: { setting: 'teams', before: null, after: name } })
    return ok(undefined)
  })
}

/**
 * Creates the teams of an import, in its transaction; the caller authorizes under lock. Returns those created: others
 * exist already.
 */
export async function addTeams(
  tx: Tx,
  by: RequestContext<Target>,
  names: string[],
): Promise<{ id: string; name: string }[]> {
  await lockTeams(tx)
  const teams = await insertTeams(tx, names)
  const added = ({ name }: { name: string }) => ({ setting: 'teams', before: null, after: name })
  recordAll(
    tx,
    by,
    teams.map((team) => ({ event: 'policy_changed' as const, details: added(team) })),
  )
  return teams
}

/** Renames a team. Its members and their access do not change. */
export async function renameTeam(
  db: Db,
  by: RequestContext<Actor>,
  id: string,
  name: string,
): Promise<Result<void>> {
  return db.transaction(async (tx) => {
    await lockAndReauthorize(tx, by)
    const team = await selectOptionalTeam(tx, id)
    if (!team) throw new NotFound()
    if (await selectTeamNameTaken(tx, name, id)) return invalid({ name: nameTaken })
    if (team.name === name) return ok(undefined)
    await updateTeam(tx, id, name)
    record(tx, by, { event: 'policy_changed', details: { setting: 'teams', before: team.name, after: name } })
    return ok(undefined)
  })
}

async function lockAndReauthorize(tx: Tx, by: RequestContext<Actor>): Promise<void> {
  await lockTeams(tx)
  await reauthorizeSettings(tx, by, 'users.manage')
}
