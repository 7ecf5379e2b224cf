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
 * Saves the security policy, applies it to open sessions and records an event for each change. `version` is the version
 * that the form was opened with: changes saved by others meanwhile are not overwritten.
 */
export async function updateSecurityPolicy(
  db: Db,
  by: RequestContext<Actor>,
  defaults: CompanyDefaults,
  version: number,
  policy: Policy,
): Promise<Result<Change[]>> {
  return db.transaction(async (tx) => {
    await lockCompany(tx)
    await reauthorizeSettings(tx, by, 'settings.manage')
    const saved = await selectCompany(tx, defaults)
    const changes = changesBetween(saved, policy)
    if (changes.length === 0) return ok(changes)
    if (saved.policyVersion !== version) return invalid({ form: changedMeanwhile(changes) })
    const passwordMinLength =
      policy.passwordMinLength === saved.passwordMinLength ? null : policy.passwordMinLength
    const save = () => updatePolicy(tx, { ...policy, passwordMinLength })
    await applyNewSessionLimits(tx, by, 'everybody', save)
    for (const { setting, before, after } of changes)
      record(tx, by, { event: 'policy_changed', details: { setting, before, after } })
    return ok(changes)
  })
}

function changedMeanwhile(changes: Change[]): string {
  const saved = changes.map(({ setting, before }) => `${setting}: ${before}`).join('; ')
  return `Someone else saved the policy meanwhile. It differs from yours in: ${saved}. Save again to overwrite it.`
}
