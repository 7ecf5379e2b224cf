import type { By } from '../access/actor.ts'
import type { Tx } from '../foundation/db.ts'
import { kinds, type Event } from './kinds.ts'
import { insertEntry } from './queries.ts'

/**
 * Records a deed in the deed's own transaction: if the record cannot be written, the deed is undone. The row is written
 * last, just before commit, since it holds the lock on the chain. (ASVS 16.2.1, 16.4.2; AU-5)
 */
export function record(tx: Tx, by: By, event: Event): void {
  tx.justBeforeCommit(() => insertEntry(tx, by, kinds[event.event], event))
}
