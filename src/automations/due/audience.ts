import type { Target } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import type { Queryable } from '../../platform/db.ts'
import { definitions, type AutomationKey } from '../definitions.ts'
import { selectRoles } from '../../people/manage/queries.ts'
import { selectAutomation } from '../queries.ts'
import type { Audience } from './queries.ts'

/**
 * Whom an automation concerns, as its settings and the rights of whoever it acts for are now. They reach the whole
 * company, so the one rule is asked about each role once. (ASVS 8.2.2)
 */
export async function audienceFor(db: Queryable, key: AutomationKey, author: Target): Promise<Audience> {
  const { permission, includesAuthor: themself, audienceOf: whomOf } = definitions[key]
  const { settings } = await selectAutomation(db, key)
  const { settings: audience } = await selectAutomation(db, whomOf)
  const roles = await selectRoles(db)
  const isReached = (role: Target['role']) => can(author, permission, { ...nobody, role })
  const roleIds = roles.filter(isReached).map(({ id }) => id)
  return {
    key,
    settings,
    audienceOf: whomOf,
    audienceSettings: audience,
    scope: { roleIds, authorId: author.id, themself },
  }
}

const nobody = { id: '', name: '', email: '', teamId: null }
