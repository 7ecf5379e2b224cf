import type { RequestContext, Target } from '../../access/actor.ts'
import { recordAll } from '../../activity/record.ts'
import type { Tx } from '../../platform/db.ts'
import { applyNewSessionLimits } from '../../auth/sessions/apply-new-limits.ts'
import { updatePeopleDetails } from './queries.ts'

/** The details of a person as events name them. */
interface Described {
  email: string
  name: string
  phone: string | null
  team: string | null
}

export interface PersonUpdate {
  id: string
  before: Described
  after: Described
  teamId: string | null
}

/** Changes the name, phone and team of many people at once. The caller has locked and authorized them. */
export async function updatePeople(
  tx: Tx,
  by: RequestContext<Target>,
  updates: PersonUpdate[],
): Promise<void> {
  if (updates.length === 0) return
  const userIds = updates.filter(({ before, after }) => before.team !== after.team).map(({ id }) => id)
  await applyNewSessionLimits(tx, by, { userIds }, () =>
    updatePeopleDetails(
      tx,
      updates.map(({ id, after: { name, phone }, teamId }) => ({ id, name, phone, team_id: teamId })),
    ),
  )
  recordAll(
    tx,
    by,
    updates.map(({ id, before, after }) => updatedEvent(id, before, after)),
  )
}

/** The event of changed details, with the fields that changed. */
export function updatedEvent(id: string, before: Described, after: Described) {
  const details: Record<string, string | null> = {}
  for (const field of ['email', 'name', 'phone', 'team'] as const) {
    if (before[field] === after[field]) continue
    details[`${field}_before`] = before[field]
    details[`${field}_after`] = after[field]
  }
  return { event: 'user_updated' as const, subject: { id, name: after.name, email: after.email }, details }
}
