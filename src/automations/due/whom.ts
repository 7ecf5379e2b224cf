import type { Target } from '../../access/actor.ts'
import { may } from '../../access/may.ts'
import type { Queryable } from '../../foundation/db.ts'
import { catalogue, type Key } from '../catalogue.ts'
import { selectRoles } from '../../people/manage/queries.ts'
import { selectAutomation } from '../queries.ts'
import type { Whom } from './queries.ts'

/**
 * Whom an automation concerns, as its settings and the rights of whoever it acts for are now. They reach the whole
 * company, so the one rule is asked about each role once. (ASVS 8.2.2)
 */
export async function whomFor(db: Queryable, key: Key, author: Target): Promise<Whom> {
  const { permission, themself, whomOf } = catalogue[key]
  const { settings } = await selectAutomation(db, key)
  const { settings: whom } = await selectAutomation(db, whomOf)
  const roles = await selectRoles(db)
  const isReached = (role: Target['role']) => may(author, permission, { ...somebody, role })
  const roleIds = roles.filter(isReached).map(({ id }) => id)
  return { key, settings, whomOf, whom, reach: { roleIds, authorId: author.id, themself } }
}

const somebody = { id: '', name: '', email: '', teamId: null }
