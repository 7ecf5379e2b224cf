import type { RequestContext, Target } from '../../../access/actor.ts'
import type { Tx } from '../../../platform/db.ts'
import { addTeams } from '../../../settings/teams.ts'
import { selectNewTeams, updateTeamsCreated, updateTeamsTaken } from './queries.ts'

/**
 * Creates the teams that the accepted rows of an import name. Rows whose team exists by now are left out: the person who
 * confirmed was shown a new, empty team. Returns how many teams it created.
 */
export async function createTeams(tx: Tx, by: RequestContext<Target>, importId: string): Promise<number> {
  const names = await selectNewTeams(tx, importId)
  if (names.length === 0) return 0
  const teams = await addTeams(tx, by, names)
  await updateTeamsCreated(tx, importId, teams)
  await updateTeamsTaken(tx, importId)
  return teams.length
}
