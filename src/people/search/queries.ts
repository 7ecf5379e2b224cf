import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { teamInScope } from '../../access/queries.ts'
import { matchesSearch, searchTiers } from '../../access/search/queries.ts'
import { anyOf, Count, many, one, sql, type Queryable, type Sql } from '../../platform/db.ts'
import { UserRow } from '../queries.ts'

const Hit = UserRow.pick({ id: true, name: true, email: true, phone: true, team_name: true, status: true })
const Ranked = Hit.extend({ tier: z.number() })
export type Hit = z.output<typeof Hit>

/** Hits of one tier that are compared by name. Of more, these are any. */
const maxCompared = 100

/** The best hits of a search. A tier is read only if those before it did not give enough. */
export async function selectBestHits(
  db: Queryable,
  actor: Actor,
  typed: string,
  limit: number,
): Promise<Hit[]> {
  const tiers = searchTiers(typed)
  if (tiers.length === 0) return []
  const selects = tiers.map(({ where, isOrdered }, tier) => {
    const better = tiers.slice(0, tier).map((before) => before.where)
    const others = better.length > 0 ? sql`${where} and not ${anyOf(better)}` : where
    return selectTier(tier, sql`${teamInScope(actor, sql`u.team_id`)} and ${others}`, isOrdered, limit)
  })
  const every = selects.reduce((all, next) => sql`${all} union all ${next}`)
  const team = sql`(select name from teams where teams.id = hits.team_id)`
  const best = sql`select hits.*, ${team} as team_name from (${every}) hits limit ${limit}`
  const rows = await many(db, Ranked, best)
  return rows.sort((a, b) => a.tier - b.tier)
}

/** The first of a tier by name. Names that begin alike are read off an index, which has them in this order. */
function selectTier(tier: number, where: Sql, isOrdered = false, limit: number): Sql {
  const rows = sql`select u.id, u.name, u.email, u.phone, u.team_id, u.status, ${tier}::int as tier from users u where ${where}`
  return isOrdered
    ? sql`(${rows} order by u.search_name using ~<~, u.id limit ${limit})`
    : sql`(select * from (${rows} limit ${maxCompared}) compared order by name collate "und-x-icu", id limit ${limit})`
}

/** How many a search finds in all, up to `max`. */
export async function selectHitCount(
  db: Queryable,
  actor: Actor,
  typed: string,
  max: number,
): Promise<number> {
  const found = sql`select from users u where ${teamInScope(actor, sql`u.team_id`)} and ${matchesSearch(typed)} limit ${max}`
  return (await one(db, Count, sql`select count(*) from (${found}) hits`)).count
}
