import type { Actor, RequestContext } from '../../access/actor.ts'
import { assertCompanyPermission, assertPermission } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import { acceptOffers } from './offers/accept-offers.ts'
import { selectTeamOffer, type Choices } from './offers/queries.ts'
import { updateStarted, type ImportRow } from './queries.ts'

/**
 * Starts a checked import, once, with what was ticked: creating teams needs what their page needs. Returns whether it was
 * waiting to be started.
 */
export function startImport(
  db: Db,
  by: RequestContext<Actor>,
  { id, good }: ImportRow,
  choices: Choices,
): Promise<Result<boolean>> {
  return db.transaction(async (tx) => {
    const { actor } = await reauthorize(tx, by)
    assertPermission(actor, 'users.manage')
    if (choices.teams) assertCompanyPermission(actor, 'users.manage')
    if (good === 0 && !choices.teams && (await selectTeamOffer(tx, id, 1)))
      return invalid({ offers: nothingTicked })
    if (!(await updateStarted(tx, id, by))) return ok(false)
    await acceptOffers(tx, id, choices)
    await enqueue(tx, 'import_people', { importId: id })
    return ok(true)
  })
}

const nothingTicked = 'No row is good as it is. Tick what to do, or choose another file.'
