import { hasPermission, type Actor, type RequestContext } from '../access/actor.ts'
import { assertCompanyPermission } from '../access/middleware.ts'
import type { Tx } from '../platform/db.ts'
import { Forbidden } from '../platform/web/errors.ts'
import { reauthorize } from '../auth/sessions/reauthorize.ts'
import { definitions, type AutomationKey } from './definitions.ts'

/**
 * Asks again, now that nothing about whoever asks can change: they run automations, and what this one does they may do
 * by hand, since it goes by their rights. (ASVS 8.2.1, 8.3.2)
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
    heading: `“${definitions[key].name}” does more than you may`,
    message: `It acts with the rights of whoever sets it, and your role, ${role.name}, may not do to people what it does. Nothing was changed.`,
    advice: 'Ask an Admin to set it.',
  })
