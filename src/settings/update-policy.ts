import type { Actor, RequestContext } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../platform/db.ts'
import { ok, invalid, type Result } from '../platform/result.ts'
import { applyNewSessionLimits } from '../auth/sessions/apply-new-limits.ts'
import { changesBetween, type Change, type Policy } from './policy.ts'
import { lockCompany, updatePolicy } from './queries.ts'
import { reauthorizeSettings } from './reauthorize.ts'

/**
 * The security policy as it shall be from now on, in open sessions too; each setting that changed is an event. `seen` is
 * the version the form was filled from: when somebody saved another since, they are told and nothing is overwritten.
 */
export async function updateSecurityPolicy(
  db: Db,
  by: RequestContext<Actor>,
  defaults: CompanyDefaults,
  seen: number,
  policy: Policy,
): Promise<Result<Change[]>> {
  return db.transaction(async (tx) => {
    await lockCompany(tx)
    await reauthorizeSettings(tx, by, 'settings.manage')
    const saved = await selectCompany(tx, defaults)
    const changes = changesBetween(saved, policy)
    if (changes.length === 0) return ok(changes)
    if (saved.policyVersion !== seen) return invalid({ form: movedOn(changes) })
    const longer = policy.passwordMinLength === saved.passwordMinLength ? null : policy.passwordMinLength
    const saves = () => updatePolicy(tx, { ...policy, passwordMinLength: longer })
    await applyNewSessionLimits(tx, by, 'everybody', saves)
    for (const { setting, before, after } of changes)
      record(tx, by, { event: 'policy_changed', details: { setting, before, after } })
    return ok(changes)
  })
}

function movedOn(changes: Change[]): string {
  const saved = changes.map(({ setting, before }) => `${setting}: ${before}`).join('; ')
  return `Somebody else saved the policy meanwhile. Where it differs from what you chose it now says ${saved}. Save again to put yours in its place.`
}
