import type { Actor, Person, RequestContext } from '../../../access/actor.ts'
import { record } from '../../../activity/record.ts'
import type { Db, Tx } from '../../../platform/db.ts'
import { ok, type Result } from '../../../platform/result.ts'
import { reauthorize } from '../../sessions/reauthorize.ts'
import { selectOptionalAsker, updateCodesRefused } from './queries.ts'

/** The person of a code says on their own page that they are not on a call. */
export function refuseOwnCode(db: Db, by: RequestContext<Actor>): Promise<Result<boolean>> {
  return db.transaction(async (tx) => {
    const now = await reauthorize(tx, by)
    const refused = await updateCodesRefused(tx, now.actor.id)
    if (refused.length > 0) recordRefusal(tx, now, now.actor, refused[0]?.officeName)
    return ok(refused.length > 0)
  })
}

/** They say it with the link of the email, perhaps days later: then only the event is left of it. */
export async function refuseCodeByLink(tx: Tx, by: RequestContext<Person>, linkId: string): Promise<void> {
  const asker = await selectOptionalAsker(tx, linkId)
  await updateCodesRefused(tx, by.actor.id)
  recordRefusal(tx, by, by.actor, asker?.officeName)
}

function recordRefusal(tx: Tx, by: RequestContext<Person>, subject: Person, askedBy: string | undefined) {
  record(tx, by, { event: 'caller_code_refused', subject, details: askedBy ? { asked_by: askedBy } : {} })
}
