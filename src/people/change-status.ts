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

/** What a change of status would do to each of these people just now. */
export async function evaluateChanges(
  db: Queryable,
  actor: Target,
  change: ChangeName,
  ids: string[],
): Promise<Evaluated> {
  const judged: Evaluated = { changed: [], skipped: [] }
  for (const person of await selectStatusSubjects(db, ids)) {
    const verdict = evaluateChange(actor, change, person)
    if ('to' in verdict) judged.changed.push({ ...person, ...verdict })
    else judged.skipped.push({ ...person, ...verdict })
  }
  return keepAnOwner(db, judged)
}

/** There is always at least one active Owner: when a change would take the last away, it passes the Owners over. */
async function keepAnOwner(db: Queryable, judged: Evaluated): Promise<Evaluated> {
  const owners = new Set(await selectActiveOwners(db))
  const isLost = ({ id, to }: Evaluated['changed'][number]) => owners.has(id) && to !== 'active'
  const lost = judged.changed.filter(isLost)
  if (lost.length === 0 || lost.length < owners.size) return judged
  return {
    changed: judged.changed.filter((person) => !isLost(person)),
    skipped: [...judged.skipped, ...lost.map((person) => ({ ...person, reason: 'owner' as const }))],
  }
}

/**
 * Changes the status of one or of many: everybody is locked first, and judged as they are then. Their sessions and links
 * end with it (the database sees to that), their password stays as it is. Whoever cannot be changed is passed over.
 */
export function changeStatus(
  db: Db,
  by: RequestContext<Actor>,
  change: ChangeName,
  ids: string[],
): Promise<Evaluated> {
  const done = db.transaction(async (tx) => {
    const { actor } = await reauthorize(tx, by, ids)
    assertPermission(actor, 'users.manage')
    const judged = await evaluateChanges(tx, actor, change, ids)
    await applyStatus(tx, by, change, judged)
    return judged
  })
  return done.catch(toLastOwnerError)
}

/** Carries out what was judged of people who are locked. `why`: by what it came about, where nobody pressed a button. */
export async function applyStatus(
  tx: Tx,
  by: RequestContext,
  change: ChangeName,
  { changed }: Evaluated,
  why: Record<string, unknown> = {},
): Promise<void> {
  await updateStatus(tx, changed)
  const { event } = changes[change]
  const events = changed.map(({ status, to, ...subject }) => ({
    ...{ event, subject },
    details: { before: status, after: to, ...why },
  }))
  recordAll(tx, by, events)
}
