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

const nameTaken = 'Another canned response has this name. Choose another name.'

/** Whether a name is taken, to be shown with the other errors of the form. */
export const nameError = async (
  db: Db,
  name: string | undefined,
  except: string | undefined,
): Promise<Errors> => (name && (await selectNameTaken(db, name, except)) ? { name: nameTaken } : {})

/** Turns a violation of the unique index on lowercase names into an error, also when two people save at once. */
function saveUnique(db: Db, action: (tx: Tx) => Promise<void>): Promise<Result<void>> {
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
  return saveUnique(db, async (tx) => {
    await reauthorizeSettings(tx, by, 'campaigns.manage')
    await insertCannedResponse(tx, text)
    recordChange(tx, by, null, text)
  })
}

/** Campaigns keep the text they started with, so this does not change running ones. */
export function changeCannedResponse(
  db: Db,
  by: RequestContext<Actor>,
  id: string,
  text: CannedText,
): Promise<Result<void>> {
  return saveUnique(db, async (tx) => change(tx, by, await lockAndReauthorize(tx, by, id), text))
}

/** Gives a built-in response its original text. */
export function restoreCannedResponse(db: Db, by: RequestContext<Actor>, id: string): Promise<Result<void>> {
  return saveUnique(db, async (tx) => {
    const before = await lockAndReauthorize(tx, by, id)
    if (!before.original) throw new NotFound()
    await change(tx, by, before, before.original)
  })
}

/** Deletes a response that the company wrote. Built-in ones cannot be deleted. */
export function removeCannedResponse(db: Db, by: RequestContext<Actor>, id: string): Promise<void> {
  return db.transaction(async (tx) => {
    const before = await lockAndReauthorize(tx, by, id)
    if (before.original) throw new NotFound()
    await deleteCannedResponse(tx, id)
    recordChange(tx, by, textOf(before), null)
  })
}

async function change(tx: Tx, by: RequestContext, before: CannedResponse, after: CannedText): Promise<void> {
  await updateCannedResponse(tx, before.id, after)
  recordChange(tx, by, textOf(before), after)
}

async function lockAndReauthorize(tx: Tx, by: RequestContext<Actor>, id: string): Promise<CannedResponse> {
  const found = await selectOptionalCannedResponseForUpdate(tx, id)
  await reauthorizeSettings(tx, by, 'campaigns.manage')
  if (!found) throw new NotFound()
  return found
}

const textOf = ({ name, subject, body }: CannedText): CannedText => ({ name, subject, body })

function recordChange(tx: Tx, by: RequestContext, before: CannedText | null, after: CannedText | null): void {
  const details = { name: (after ?? before)?.name, before, after }
  record(tx, by, { event: 'canned_response_changed', details })
}
