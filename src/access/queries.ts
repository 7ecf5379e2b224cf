import { sql, type Sql } from '../platform/db.ts'
import type { Target } from './actor.ts'

/** The scope that `can` checks, in SQL: the whole company, or the actor’s team. `team` is the column with the team’s id. */
export const teamInScope = ({ role, teamId }: Target, team: Sql): Sql =>
  role.scope === 'company' ? sql`true` : sql`${team} = ${teamId}`
