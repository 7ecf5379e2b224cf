import type { Actor, By } from '../access/actor.ts'
import { insistOnForAll } from '../access/guard.ts'
import type { Permission } from '../access/permissions.ts'
import type { Tx } from '../foundation/db.ts'
import { stillThere } from '../sessions/still.ts'

/** Asks again, now that nothing about whoever asks can change. */
export async function stillSets(tx: Tx, by: By<Actor>, permission: Permission): Promise<void> {
  insistOnForAll((await stillThere(tx, by)).actor, permission)
}
