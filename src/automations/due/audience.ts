import type { Target } from '../../access/actor.ts'
import { can } from '../../access/can.ts'
import type { Queryable } from '../../platform/db.ts'
import { definitions, type AutomationKey } from '../definitions.ts'
import { selectRoles } from '../../people/manage/queries.ts'
import { selectAutomation } from '../queries.ts'
import type { Audience } from './queries.ts'

/**
 * The people an automation is for, by its current settings and the current permissions of the person it runs as. Their
 * scope is the whole company, so `can` is asked once for each role. (ASVS 8.2.2)
 */
export async function audienceFor(db: Queryable, key: AutomationKey, author: Target): Promise<Audience> {
  const { permission, includesAuthor, audienceOf } = definitions[key]
  const { settings } = await selectAutomation(db, key)
  const { settings: audienceSettings } = await selectAutomation(db, audienceOf)
  const roles = await selectRoles(db)
  const isInScope = (role: Target['role']) => can(author, permission, { ...anyone, role })
  const roleIds = roles.filter(isInScope).map(({ id }) => id)
  return {
    key,
    settings,
    audienceOf,
    audienceSettings,
    scope: { roleIds, authorId: author.id, includesAuthor },
  }
}

const anyone = { id: '', name: '', email: '', teamId: null }
