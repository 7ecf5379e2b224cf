import type { RequestContext } from '../access/actor.ts'
import type { Tx } from '../platform/db.ts'
import { log } from '../platform/log.ts'
import { eventTypes, type Event } from './event-types.ts'
import { insertEntries } from './queries.ts'

/**
 * Records an event in the transaction of its action: if the entry cannot be written, the action is rolled back. The
 * entry is written last, just before commit, since it holds the lock on the chain. After the commit its number and
 * hash also go to the process's log, which an attacker in the database cannot reach. (ASVS 16.2.1, 16.4.2, 16.4.3;
 * AU-5)
 */
export const record = (tx: Tx, by: RequestContext, event: Event): void => recordAll(tx, by, [event])

/** Records the events of an action on many people. All entries are written at once, so that others wait little. */
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
