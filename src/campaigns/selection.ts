import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { may } from '../access/may.ts'
import type { Db, Tx } from '../foundation/db.ts'
import { NotFound } from '../foundation/web/errors.ts'
import { PeopleQuery, type PeopleFilter } from '../people/filter.ts'
import { selectMatchingIds } from '../people/queries.ts'
import { beyondReach } from '../people/refusals.ts'
import { excuseOf, type Candidate, type Excuse } from './excuses.ts'
import { selectCandidates } from './sending/queries.ts'

/** Whom a campaign is for: the people who were ticked, or all whom the filters of the list show. */
export type Selection = { ids: string[] } | { all: PeopleFilter }

const Ids = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((typed) => [typed ?? []].flat().flatMap((ids) => ids.split(',')))
  .pipe(z.array(z.uuid()).max(5_000))

/** Reads it off an address or a form; nothing when nobody is chosen. An id may come alone or with others, in commas. */
export function selectionIn(typed: Record<string, unknown>): Selection | undefined {
  if (typed.all !== undefined)
    return { all: { ...PeopleQuery.parse(typed), after: undefined, kind: 'fieldworker' } }
  if (typed.ids === undefined || typed.ids === '') return undefined
  const ids = Ids.safeParse(typed.ids)
  if (!ids.success) throw new NotFound()
  return { ids: [...new Set(ids.data)] }
}

/** The same as fields of a form or an address. */
export function fieldsOf(selection: Selection): [string, string][] {
  if ('ids' in selection) return [['ids', selection.ids.join(',')]]
  const { q, status, team, verified } = selection.all
  const asked = Object.entries({ q, status, team, verified }).filter((pair): pair is [string, string] =>
    Boolean(pair[1]),
  )
  return [['all', '1'], ...asked]
}

export interface Plan {
  getIt: Candidate[]
  missed: { who: Candidate; why: Excuse }[]
}

/** Who gets the letter, who does not and why. Whom the actor may not even look at ends it, as any other path would. */
export async function planFor(db: Db | Tx, actor: Actor, selection: Selection): Promise<Plan> {
  const ids = 'ids' in selection ? selection.ids : await selectMatchingIds(db, actor, selection.all)
  const candidates = await selectCandidates(db, ids)
  if (candidates.length < ids.length) throw new NotFound()
  const unseen = candidates.find(({ target }) => !may(actor, 'users.view', target))
  if (unseen) throw beyondReach(actor, 'users.view', unseen.target)
  const judged = candidates.map((who) => ({ who, why: excuseOf(actor, who) }))
  return {
    getIt: judged.filter(({ why }) => why === null).map(({ who }) => who),
    missed: judged.filter((one): one is Plan['missed'][number] => one.why !== null),
  }
}
