import type { Actor, By, Target } from '../access/actor.ts'
import { insistOn } from '../access/guard.ts'
import { recordAll } from '../activity/record.ts'
import type { Db, Queryable, Tx } from '../foundation/db.ts'
import { stillThere } from '../sessions/still.ts'
import { keptOwner } from './refusals.ts'
import { selectActiveOwners, selectStandings, updateStatus } from './queries.ts'
import { changes, judge, type ChangeName, type Reason, type Standing, type Status } from './statuses.ts'

export interface Judged {
  changed: (Standing & { to: Status })[]
  skipped: (Standing & { reason: Reason })[]
}

/** What a change of status would do to each of these people just now. */
export async function judgeAll(
  db: Queryable,
  actor: Target,
  change: ChangeName,
  ids: string[],
): Promise<Judged> {
  const judged: Judged = { changed: [], skipped: [] }
  for (const person of await selectStandings(db, ids)) {
    const verdict = judge(actor, change, person)
    if ('to' in verdict) judged.changed.push({ ...person, ...verdict })
    else judged.skipped.push({ ...person, ...verdict })
  }
  return keepAnOwner(db, judged)
}

/** There is always at least one active Owner: when a change would take the last away, it passes the Owners over. */
async function keepAnOwner(db: Queryable, judged: Judged): Promise<Judged> {
  const owners = new Set(await selectActiveOwners(db))
  const isLost = ({ id, to }: Judged['changed'][number]) => owners.has(id) && to !== 'active'
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
export function changeStatus(db: Db, by: By<Actor>, change: ChangeName, ids: string[]): Promise<Judged> {
  const done = db.transaction(async (tx) => {
    const { actor } = await stillThere(tx, by, ids)
    insistOn(actor, 'users.manage')
    const judged = await judgeAll(tx, actor, change, ids)
    await settleStatus(tx, by, change, judged)
    return judged
  })
  return done.catch(keptOwner)
}

/** Carries out what was judged of people who are locked. `why`: by what it came about, where nobody pressed a button. */
export async function settleStatus(
  tx: Tx,
  by: By,
  change: ChangeName,
  { changed }: Judged,
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
