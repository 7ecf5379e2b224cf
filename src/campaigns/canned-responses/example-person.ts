import type { Actor } from '../../access/actor.ts'
import { hasPermission } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { selectUsers } from '../../people/list/queries.ts'

interface Example {
  name: string
  /** As it was typed, to stand in its field again. */
  typed: string
  wrong?: string
}

/** For whom a letter is shown filled in: the first whom what is typed finds, within reach; at first anybody. */
export async function personFor(db: Db, actor: Actor, typed: unknown): Promise<Example> {
  const q = typeof typed === 'string' ? typed.replaceAll('\0', '').trim().slice(0, 200) : ''
  if (!hasPermission(actor, 'users.view')) return { name: actor.name, typed: '' }
  const [found] = await selectUsers(db, actor, { q: q || undefined, kind: q ? undefined : 'fieldworker' }, 1)
  if (found) return { name: found.name, typed: q }
  const wrong = q ? 'Nobody you may look at is called so. Type a part of a name or an address.' : undefined
  return { name: actor.name, typed: q, wrong }
}
