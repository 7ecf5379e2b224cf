import type { Actor, By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Db, Tx } from '../foundation/db.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { insertTeam, lockTeams, selectOptionalTeam, selectTeamNameTaken, updateTeam } from './queries.ts'
import { stillSets } from './reach.ts'

const taken = 'There is a team of this name already. Choose another name.'

export async function addTeam(db: Db, by: By<Actor>, name: string): Promise<Outcome<void>> {
  return db.transaction(async (tx) => {
    await ready(tx, by)
    if (await selectTeamNameTaken(tx, name, null)) return refused({ name: taken })
    await insertTeam(tx, name)
    record(tx, by, { event: 'policy_changed', details: { setting: 'teams', before: null, after: name } })
    return done(undefined)
  })
}

/** Another name for a team: who is in it, and who reaches it, stays. */
export async function renameTeam(db: Db, by: By<Actor>, id: string, name: string): Promise<Outcome<void>> {
  return db.transaction(async (tx) => {
    await ready(tx, by)
    const team = await selectOptionalTeam(tx, id)
    if (!team) throw new NotFound()
    if (await selectTeamNameTaken(tx, name, id)) return refused({ name: taken })
    if (team.name === name) return done(undefined)
    await updateTeam(tx, id, name)
    record(tx, by, { event: 'policy_changed', details: { setting: 'teams', before: team.name, after: name } })
    return done(undefined)
  })
}

async function ready(tx: Tx, by: By<Actor>): Promise<void> {
  await lockTeams(tx)
  await stillSets(tx, by, 'users.manage')
}
