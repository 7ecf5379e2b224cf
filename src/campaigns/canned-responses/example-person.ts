import type { Actor } from '../../access/actor.ts'
import { hasPermission } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { selectUsers } from '../../people/list/queries.ts'

interface Example {
  name: string
  /** What was typed, for its field. */
  typed: string
  wrong?: string
}

/** The person that the preview is filled in for: the first match in scope for what is typed, or any fieldworker. */
export async function findExamplePerson(db: Db, actor: Actor, typed: unknown): Promise<Example> {
  const q = typeof typed === 'string' ? typed.replaceAll('\0', '').trim().slice(0, 200) : ''
  if (!hasPermission(actor, 'users.view')) return { name: actor.name, typed: '' }
  const [found] = await selectUsers(db, actor, { q: q || undefined, kind: q ? undefined : 'fieldworker' }, 1)
  if (found) return { name: found.name, typed: q }
  const wrong = q ? 'No one you can see matches. Enter part of a name or email address.' : undefined
  return { name: actor.name, typed: q, wrong }
}
