import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { may } from '../../access/may.ts'
import type { Db, Queryable, Tx } from '../../foundation/db.ts'
import { done, refused, type Outcome } from '../../foundation/outcome.ts'
import { NotFound } from '../../foundation/web/errors.ts'
import { fieldsOf as fieldsOfList, readSelection, selectedIds, Selection } from '../../people/selection.ts'
import { beyondReach } from '../../people/refusals.ts'
import { NewQuery, StartForm } from '../forms.ts'
import { excuseOf, type Candidate, type Excuse } from '../excuses.ts'
import { selectCandidates, selectOptionalChoice } from './queries.ts'

/** Whom a campaign is for: as the list has it, or, where too many were ticked for an address, kept under an id. */
export interface Chosen {
  whom: Selection
  kept?: string
}

/** What stands beside the choice in the forms that lead to a campaign. */
const otherFields = ['action', 'preview', ...Object.keys(StartForm.shape), ...Object.keys(NewQuery.shape)]

/** Reads it off an address or a form; nothing when nobody is chosen. An id may come alone or with others, in commas. */
export async function chosenIn(
  db: Db,
  actor: Actor,
  typed: Record<string, unknown>,
): Promise<Outcome<Chosen> | undefined> {
  if (typed.chosen !== undefined) return keptFor(db, actor, typed.chosen)
  const ids = [typed.ids ?? []].flat().flatMap((each) => String(each).split(',').filter(Boolean))
  if (ids.length === 0 && typed.all === undefined) return undefined
  const whom = readSelection({ ...typed, ids }, ...otherFields)
  return whom.ok ? done({ whom: whom.value }) : whom
}

async function keptFor(db: Db, actor: Actor, id: unknown): Promise<Outcome<Chosen>> {
  const sound = z.uuid().safeParse(id)
  const ids = sound.success ? await selectOptionalChoice(db, actor.id, sound.data) : undefined
  if (!ids) return refused({ ids: 'That choice was made too long ago. Choose the people again.' })
  return done({ whom: Selection.parse({ ids }), kept: sound.data })
}

/** The same as fields of a form or an address. */
export function fieldsOf({ whom, kept }: Chosen): [string, string][] {
  if (kept) return [['chosen', kept]]
  return whom.all ? fieldsOfList(whom) : [['ids', whom.ids.join(',')]]
}

/** Where a campaign to them begins. */
export const newAddress = (chosen: Chosen, more: Record<string, string> = {}): string =>
  `/campaigns/new?${new URLSearchParams([...fieldsOf(chosen), ...Object.entries(more)]).toString()}`

export interface Plan {
  getIt: Candidate[]
  missed: { who: Candidate; why: Excuse }[]
}

/** Who gets the letter, who does not and why. Whom the actor may not even look at ends it, as any other path would. */
export async function planFor(db: Queryable | Tx, actor: Actor, { whom }: Chosen): Promise<Plan> {
  const ids = await selectedIds(db, actor, whom)
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
