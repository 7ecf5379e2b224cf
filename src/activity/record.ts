import type { By } from '../access/actor.ts'
import type { Tx } from '../foundation/db.ts'
import { log } from '../foundation/log.ts'
import { kinds, type Event } from './kinds.ts'
import { insertEntry } from './queries.ts'

/**
 * Records a deed in the deed's own transaction: if the record cannot be written, the deed is undone. The row is written
 * last, just before commit, since it holds the lock on the chain; once committed its number and hash go to the log of
 * the process too, where nobody behind the database's back can reach them. (ASVS 16.2.1, 16.4.2, 16.4.3; AU-5)
 */
export function record(tx: Tx, by: By, event: Event): void {
  tx.justBeforeCommit(async () => {
    const { seq, id, at, hash } = await insertEntry(tx, by, kinds[event.event], event)
    const { actor, ip, requestId: reference } = by
    const who = { actor: actor?.id, subject: event.subject?.id, ip, reference }
    tx.afterCommit(() => log.info({ activity: event.event, seq, id, at, hash, ...who }, 'recorded'))
  })
}
