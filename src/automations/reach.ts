import { holds, type Actor, type By } from '../access/actor.ts'
import { insistOnForAll } from '../access/guard.ts'
import type { Tx } from '../foundation/db.ts'
import { Refused } from '../foundation/web/errors.ts'
import { stillThere } from '../sessions/still.ts'
import { catalogue, type Key } from './catalogue.ts'

/**
 * Asks again, now that nothing about whoever asks can change: they run automations, and what this one does they may do
 * by hand, since it goes by their rights. (ASVS 8.2.1, 8.3.2)
 */
export async function stillRuns(tx: Tx, by: By<Actor>, key: Key): Promise<void> {
  const { actor } = await stillThere(tx, by)
  insistOnForAll(actor, 'automations.manage')
  if (!holds(actor, catalogue[key].permission)) throw lacking(actor, key)
}

const lacking = ({ role }: Actor, key: Key) =>
  new Refused({
    heading: `“${catalogue[key].name}” does more than you may`,
    message: `It acts with the rights of whoever sets it, and your role, ${role.name}, may not do to people what it does. Nothing was changed.`,
    advice: 'Ask an Admin to set it.',
  })
