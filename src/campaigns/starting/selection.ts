import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import type { Db, Queryable, Tx } from '../../platform/db.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import type { FindLocked } from '../../people/filter.ts'
import { fieldsOf as fieldsOfList, readSelection, selectedIds, Selection } from '../../people/selection.ts'
import { accessDenied } from '../../people/access-denied.ts'
import { NewQuery, StartForm } from '../forms.ts'
import { skipReasonOf, type Recipient, type SkipReason } from '../skip-reasons.ts'
import { selectRecipients, selectOptionalSavedSelection } from './queries.ts'

/** The people a campaign is for. A selection too long for an address is saved under an id. */
export interface Chosen {
  audience: Selection
  savedId?: string
}

/** The other fields of the forms that lead to a campaign. */
const otherFields = ['action', 'preview', ...Object.keys(StartForm.shape), ...Object.keys(NewQuery.shape)]

/** Reads the audience from a query or a form; undefined when no one is selected. Ids may be separated by commas. */
export async function parseAudience(
  db: Db,
  actor: Actor,
  typed: Record<string, unknown>,
): Promise<Result<Chosen> | undefined> {
  if (typed.chosen !== undefined) return savedSelection(db, actor, typed.chosen)
  const ids = [typed.ids ?? []].flat().flatMap((each) => String(each).split(',').filter(Boolean))
  if (ids.length === 0 && typed.all === undefined) return undefined
  const audience = readSelection({ ...typed, ids }, ...otherFields)
  return audience.ok ? ok({ audience: audience.value }) : audience
}

async function savedSelection(db: Db, actor: Actor, id: unknown): Promise<Result<Chosen>> {
  const savedId = z.uuid().safeParse(id)
  const ids = savedId.success ? await selectOptionalSavedSelection(db, actor.id, savedId.data) : undefined
  if (!ids) return invalid({ ids: 'This selection has expired. Select the people again.' })
  return ok({ audience: Selection.parse({ ids }), savedId: savedId.data })
}

/** The audience as fields of a form or a query. */
export function fieldsOf({ audience, savedId }: Chosen): [string, string][] {
  if (savedId) return [['chosen', savedId]]
  return audience.all ? fieldsOfList(audience) : [['ids', audience.ids.join(',')]]
}

/** The page of a new campaign for these people. */
export const newCampaignUrl = (chosen: Chosen, more: Record<string, string> = {}): string =>
  `/campaigns/new?${new URLSearchParams([...fieldsOf(chosen), ...Object.entries(more)]).toString()}`

export interface Plan {
  recipients: Recipient[]
  skipped: { recipient: Recipient; reason: SkipReason }[]
}

/** Who gets the email, and who does not and why. It throws if the actor may not see one of the people. */
export async function planFor(
  db: Queryable | Tx,
  actor: Actor,
  { audience }: Chosen,
  findLocked: FindLocked,
): Promise<Plan> {
  const ids = await selectedIds(db, actor, audience, findLocked)
  const candidates = await selectRecipients(db, ids)
  if (candidates.length < ids.length) throw new NotFound()
  const unseen = candidates.find(({ target }) => !can(actor, 'users.view', target))
  if (unseen) throw accessDenied(actor, 'users.view', unseen.target)
  const checked = candidates.map((recipient) => ({ recipient, reason: skipReasonOf(actor, recipient) }))
  return {
    recipients: checked.filter(({ reason }) => reason === null).map(({ recipient }) => recipient),
    skipped: checked.filter((one): one is Plan['skipped'][number] => one.reason !== null),
  }
}
