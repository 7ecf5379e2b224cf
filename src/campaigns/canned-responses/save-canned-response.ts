import type { Actor, RequestContext } from '../../access/actor.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { ok, invalid, type Errors, type Result } from '../../platform/result.ts'
import { NotFound } from '../../platform/web/errors.ts'
import { reauthorizeSettings } from '../../settings/reauthorize.ts'
import type { CannedText } from './forms.ts'
import {
  deleteCannedResponse,
  insertCannedResponse,
  selectNameTaken,
  selectOptionalCannedResponseForUpdate,
  updateCannedResponse,
  type CannedResponse,
} from './queries.ts'

const nameTaken = 'There is one of that name already. Choose another.'

/** Whether a name is taken, to be told along with what else is wrong. */
export const nameFault = async (
  db: Db,
  name: string | undefined,
  except: string | undefined,
): Promise<Errors> => (name && (await selectNameTaken(db, name, except)) ? { name: nameTaken } : {})

/** Names are unique, however they are written: the index says so, also of two at once. */
function saved(db: Db, action: (tx: Tx) => Promise<void>): Promise<Result<void>> {
  return db.transaction(action).then(ok, (error: { code?: string }) => {
    if (error.code !== '23505') throw error
    return invalid({ name: nameTaken })
  })
}

export function addCannedResponse(
  db: Db,
  by: RequestContext<Actor>,
  text: CannedText,
): Promise<Result<void>> {
  return saved(db, async (tx) => {
    await reauthorizeSettings(tx, by, 'campaigns.manage')
    await insertCannedResponse(tx, text)
    note(tx, by, null, text)
  })
}

/** Campaigns keep the text that they were started with, so those that run are not changed by this. */
export function changeCannedResponse(
  db: Db,
  by: RequestContext<Actor>,
  id: string,
  text: CannedText,
): Promise<Result<void>> {
  return saved(db, async (tx) => change(tx, by, await lockedFor(tx, by, id), text))
}

/** One that came with Fieldkey becomes again what it was. */
export function restoreCannedResponse(db: Db, by: RequestContext<Actor>, id: string): Promise<Result<void>> {
  return saved(db, async (tx) => {
    const before = await lockedFor(tx, by, id)
    if (!before.original) throw new NotFound()
    await change(tx, by, before, before.original)
  })
}

/** One that the company wrote itself; those that came with Fieldkey stay. */
export function removeCannedResponse(db: Db, by: RequestContext<Actor>, id: string): Promise<void> {
  return db.transaction(async (tx) => {
    const before = await lockedFor(tx, by, id)
    if (before.original) throw new NotFound()
    await deleteCannedResponse(tx, id)
    note(tx, by, textOf(before), null)
  })
}

async function change(tx: Tx, by: RequestContext, before: CannedResponse, after: CannedText): Promise<void> {
  await updateCannedResponse(tx, before.id, after)
  note(tx, by, textOf(before), after)
}

async function lockedFor(tx: Tx, by: RequestContext<Actor>, id: string): Promise<CannedResponse> {
  const found = await selectOptionalCannedResponseForUpdate(tx, id)
  await reauthorizeSettings(tx, by, 'campaigns.manage')
  if (!found) throw new NotFound()
  return found
}

const textOf = ({ name, subject, body }: CannedText): CannedText => ({ name, subject, body })

function note(tx: Tx, by: RequestContext, before: CannedText | null, after: CannedText | null): void {
  const details = { name: (after ?? before)?.name, before, after }
  record(tx, by, { event: 'canned_response_changed', details })
}
