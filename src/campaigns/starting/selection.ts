import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import type { Db, Queryable, Tx } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { fieldsOf as fieldsOfList, readSelection, selectedIds, Selection } from '../../people/selection.ts'
import { accessDenied } from '../../people/access-denied.ts'
import { NewQuery, StartForm } from '../forms.ts'
import { skipReasonOf, type Recipient, type SkipReason } from '../skip-reasons.ts'
import { selectRecipients, selectOptionalSavedSelection } from './queries.ts'

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
): Promise<Result<Chosen> | undefined> {
  if (typed.chosen !== undefined) return keptFor(db, actor, typed.chosen)
  const ids = [typed.ids ?? []].flat().flatMap((each) => String(each).split(',').filter(Boolean))
  if (ids.length === 0 && typed.all === undefined) return undefined
  const audience = readSelection({ ...typed, ids }, ...otherFields)
  return audience.ok ? ok({ whom: audience.value }) : audience
}

async function keptFor(db: Db, actor: Actor, id: unknown): Promise<Result<Chosen>> {
  const sound = z.uuid().safeParse(id)
  const ids = sound.success ? await selectOptionalSavedSelection(db, actor.id, sound.data) : undefined
  if (!ids) return invalid({ ids: 'That choice was made too long ago. Choose the people again.' })
  return ok({ whom: Selection.parse({ ids }), kept: sound.data })
}

/** The same as fields of a form or an address. */
export function fieldsOf({ whom: audience, kept }: Chosen): [string, string][] {
  if (kept) return [['chosen', kept]]
  return audience.all ? fieldsOfList(audience) : [['ids', audience.ids.join(',')]]
}

/** Where a campaign to them begins. */
export const newAddress = (chosen: Chosen, more: Record<string, string> = {}): string =>
  `/campaigns/new?${new URLSearchParams([...fieldsOf(chosen), ...Object.entries(more)]).toString()}`

export interface Plan {
  getIt: Recipient[]
  missed: { who: Recipient; why: SkipReason }[]
}

/** Who gets the letter, who does not and why. Whom the actor may not even look at ends it, as any other path would. */
export async function planFor(db: Queryable | Tx, actor: Actor, { whom: audience }: Chosen): Promise<Plan> {
  const ids = await selectedIds(db, actor, audience)
  const candidates = await selectRecipients(db, ids)
  if (candidates.length < ids.length) throw new NotFound()
  const unseen = candidates.find(({ target }) => !can(actor, 'users.view', target))
  if (unseen) throw accessDenied(actor, 'users.view', unseen.target)
  const judged = candidates.map((who) => ({ who, why: skipReasonOf(actor, who) }))
  return {
    getIt: judged.filter(({ why }) => why === null).map(({ who }) => who),
    missed: judged.filter((one): one is Plan['missed'][number] => one.why !== null),
  }
}
