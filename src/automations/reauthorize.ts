import { hasPermission, type Actor, type RequestContext } from '../access/actor.ts'
import { assertCompanyPermission } from '../access/middleware.ts'
import type { Tx } from '../platform/db.ts'
import { Forbidden } from '../platform/web/errors.ts'
import { reauthorize } from '../auth/sessions/reauthorize.ts'
import { definitions, type AutomationKey } from './definitions.ts'

/**
 * Locks the actor and checks that they may manage automations and may do by hand what this one does, since it runs with
 * their permissions. (ASVS 8.2.1, 8.3.2)
 */
export async function reauthorizeAutomation(
  tx: Tx,
  by: RequestContext<Actor>,
  key: AutomationKey,
): Promise<void> {
  const { actor } = await reauthorize(tx, by)
  assertCompanyPermission(actor, 'automations.manage')
  if (!hasPermission(actor, definitions[key].permission)) throw lacksPermission(actor, key)
}

const lacksPermission = ({ role }: Actor, key: AutomationKey) =>
  new Forbidden({
    heading: `“${definitions[key].name}” needs more access than you have`,
    message: `It runs with the permissions of the person who sets it up, and your role, ${role.name}, does not include what it does. Nothing was changed.`,
    advice: 'Ask an Admin to set it up.',
  })
