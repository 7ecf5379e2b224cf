import type { Actor, RequestContext, Target } from '../access/actor.ts'
import { assertPermission } from '../access/middleware.ts'
import { recordAll } from '../activity/record.ts'
import type { Db, Queryable, Tx } from '../platform/db.ts'
import { reauthorize } from '../auth/sessions/reauthorize.ts'
import { toLastOwnerError } from './access-denied.ts'
import { selectActiveOwners, selectStatusSubjects, updateStatus } from './queries.ts'
import {
  changes,
  evaluateChange,
  type ChangeName,
  type Reason,
  type StatusSubject,
  type Status,
} from './status-transitions.ts'

export interface Evaluated {
  changed: (StatusSubject & { to: Status })[]
  skipped: (StatusSubject & { reason: Reason })[]
}

/** What a change of status would do to each of these people now. */
export async function evaluateChanges(
  db: Queryable,
  actor: Target,
  change: ChangeName,
  ids: string[],
): Promise<Evaluated> {
  const evaluated: Evaluated = { changed: [], skipped: [] }
  for (const person of await selectStatusSubjects(db, ids)) {
    const decision = evaluateChange(actor, change, person)
    if ('to' in decision) evaluated.changed.push({ ...person, ...decision })
    else evaluated.skipped.push({ ...person, ...decision })
  }
  return keepAnOwner(db, evaluated)
}

/** Keeps at least one active Owner: a change that would remove the last one skips the Owners. */
async function keepAnOwner(db: Queryable, evaluated: Evaluated): Promise<Evaluated> {
  const owners = new Set(await selectActiveOwners(db))
  const isLost = ({ id, to }: Evaluated['changed'][number]) => owners.has(id) && to !== 'active'
  const lost = evaluated.changed.filter(isLost)
  if (lost.length === 0 || lost.length < owners.size) return evaluated
  return {
    changed: evaluated.changed.filter((person) => !isLost(person)),
    skipped: [...evaluated.skipped, ...lost.map((person) => ({ ...person, reason: 'owner' as const }))],
  }
}

/**
 * Changes the status of one or many people. It locks them first and checks them as they are then. A trigger in the
 * database ends their sessions and links; their password does not change. People who cannot be changed are skipped.
 */
export function changeStatus(
  db: Db,
  by: RequestContext<Actor>,
  change: ChangeName,
  ids: string[],
): Promise<Evaluated> {
  const result = db.transaction(async (tx) => {
    const { actor } = await reauthorize(tx, by, ids)
    assertPermission(actor, 'users.manage')
    const evaluated = await evaluateChanges(tx, actor, change, ids)
    await applyStatus(tx, by, change, evaluated)
    return evaluated
  })
  return result.catch(toLastOwnerError)
}

/** Applies evaluated changes to locked people. `details` says what caused them, if no person did. */
export async function applyStatus(
  tx: Tx,
  by: RequestContext,
  change: ChangeName,
  { changed }: Evaluated,
  details: Record<string, unknown> = {},
): Promise<void> {
  await updateStatus(tx, changed)
  const { event } = changes[change]
  const events = changed.map(({ status, to, ...subject }) => ({
    event,
    subject,
    details: { before: status, after: to, ...details },
  }))
  recordAll(tx, by, events)
}
