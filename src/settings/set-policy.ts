import type { Actor, By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../foundation/db.ts'
import { done, refused, type Outcome } from '../foundation/outcome.ts'
import { underNewLimits } from '../sessions/new-limits.ts'
import { changesBetween, type Change, type Policy } from './policy.ts'
import { lockCompany, updatePolicy } from './queries.ts'
import { stillSets } from './reach.ts'

/**
 * The security policy as it shall be from now on, in open sessions too; each setting that changed is an event. `seen` is
 * the version the form was filled from: when somebody saved another since, they are told and nothing is overwritten.
 */
export async function setPolicy(
  db: Db,
  by: By<Actor>,
  defaults: CompanyDefaults,
  seen: number,
  policy: Policy,
): Promise<Outcome<Change[]>> {
  return db.transaction(async (tx) => {
    await lockCompany(tx)
    await stillSets(tx, by, 'settings.manage')
    const saved = await selectCompany(tx, defaults)
    const changes = changesBetween(saved, policy)
    if (changes.length === 0) return done(changes)
    if (saved.policyVersion !== seen) return refused({ form: movedOn(changes) })
    const longer = policy.passwordMinLength === saved.passwordMinLength ? null : policy.passwordMinLength
    const saves = () => updatePolicy(tx, { ...policy, passwordMinLength: longer })
    await underNewLimits(tx, by, 'everybody', saves)
    for (const { setting, before, after } of changes)
      record(tx, by, { event: 'policy_changed', details: { setting, before, after } })
    return done(changes)
  })
}

function movedOn(changes: Change[]): string {
  const saved = changes.map(({ setting, before }) => `${setting}: ${before}`).join('; ')
  return `Somebody else saved the policy meanwhile. Where it differs from what you chose it now says ${saved}. Save again to put yours in its place.`
}
