import type { RequestContext } from '../access/actor.ts'
import type { Tx } from '../platform/db.ts'
import { log } from '../platform/log.ts'
import { eventTypes, type Event } from './event-types.ts'
import { insertEntries } from './queries.ts'

/**
 * Records a deed in the deed's own transaction: if the record cannot be written, the deed is undone. The row is written
 * last, just before commit, since it holds the lock on the chain; once committed its number and hash go to the log of
 * the process too, where nobody behind the database's back can reach them. (ASVS 16.2.1, 16.4.2, 16.4.3; AU-5)
 */
export const record = (tx: Tx, by: RequestContext, event: Event): void => recordAll(tx, by, [event])

/** The same for a deed that concerns many: their rows are written at once, so that others wait as little as can be. */
export function recordAll(tx: Tx, by: RequestContext, events: Event[]): void {
  if (events.length === 0) return
  const entries = events.map((event) => ({ ...event, category: eventTypes[event.event] }))
  insertEntries(tx, by, entries, (recorded) =>
    recorded.forEach(({ seq, id, at, hash }, i) => {
      const { event, subject } = events[i] as Event
      const { actor, impersonator, ip, requestId: reference } = by
      const who = { actor: actor?.id, impersonator: impersonator?.id, subject: subject?.id, ip, reference }
      log.info({ activity: event, seq, id, at, hash, ...who }, 'recorded')
    }),
  )
}
