import type { Actor, RequestContext } from '../../access/actor.ts'
import { assertCompanyPermission, assertPermission } from '../../access/middleware.ts'
import type { Db } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import { ok, invalid, type Result } from '../../platform/result.ts'
import { reauthorize } from '../../auth/sessions/reauthorize.ts'
import { acceptOffers } from './offers/accept-offers.ts'
import { selectAccepted, type Choices } from './offers/queries.ts'
import { updateStarted, type ImportRow } from './queries.ts'

/**
 * Starts a checked import, once, with what was ticked: creating teams needs what their page needs, and the job authorizes
 * each update. Returns whether it was waiting to be started.
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
    const accepted = await selectAccepted(tx, id, choices)
    const isNothing = good + accepted.created + accepted.updated === 0
    if (isNothing && accepted.offered > 0) return invalid({ offers: nothingTicked })
    if (!(await updateStarted(tx, id, by))) return ok(false)
    await acceptOffers(tx, id, choices, accepted)
    enqueue(tx, 'import_people', { importId: id })
    return ok(true)
  })
}

const nothingTicked =
  'Nothing would be imported: no row is good as it is. Tick what to do, or choose another file.'
