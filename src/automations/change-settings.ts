import type { Actor, RequestContext } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Db, Queryable, Tx } from '../platform/db.ts'
import { ok, invalid, type Errors, type Result } from '../platform/result.ts'
import { reauthorizeSettings } from '../settings/reauthorize.ts'
import {
  definitions,
  changesBetween,
  type AutomationKey,
  type Settings,
  type NamedSettings,
} from './definitions.ts'
import { reauthorizeAutomation } from './reauthorize.ts'
import {
  lockAutomation,
  selectAutomation,
  selectByAddresses,
  selectRoleNames,
  selectTeamNames,
  updateSettings,
  updateSwitchedOff,
  updateSwitchedOn,
} from './queries.ts'

/**
 * Settings as they shall be from now on; each that changed is an event. An automation that is on acts with the rights of
 * whoever changed it last, so that nobody lends it rights by setting it for others. `seen` is the version that the form
 * was filled from: what somebody else saved meanwhile is not overwritten.
 */
export function changeSettings(
  db: Db,
  by: RequestContext<Actor>,
  key: AutomationKey,
  seen: number,
  settings: Settings,
): Promise<Result<void>> {
  return db.transaction(async (tx) => {
    await lockAutomation(tx, key)
    await reauthorizeAutomation(tx, by, key)
    const saved = await selectAutomation(tx, key)
    if (saved.version !== seen) return invalid({ form: changedMeanwhile })
    const errors = await goneFrom(tx, settings)
    if (Object.keys(errors).length > 0) return invalid(errors)
    const found = await selectByAddresses(tx, settings.exempt)
    const [before, after] = [await withNames(tx, saved.settings), await withNames(tx, settings)]
    await updateSettings(tx, key, {
      ...settings,
      exemptIds: found.map(({ id }) => id),
      actsFor: by.actor.id,
    })
    for (const change of changesBetween(key, before, after))
      record(tx, by, { event: 'policy_changed', details: change })
    return ok(undefined)
  })
}

type Chosen = Partial<Pick<Settings, 'exempt' | 'roleIds' | 'teamIds'>>

/** What was chosen and is not there, next to each field, to be told along with what else is wrong. */
export async function goneFrom(
  db: Queryable,
  { exempt = [], roleIds = [], teamIds = [] }: Chosen,
): Promise<Errors> {
  const found = await selectByAddresses(db, exempt)
  const unknown = exempt.find((address) => !found.some(({ email }) => email === address))
  const [roles, teams] = [await selectRoleNames(db, roleIds), await selectTeamNames(db, teamIds)]
  return {
    ...(unknown === undefined ? {} : { exempt: `No account has the address ${unknown}.` }),
    ...(roles.length < roleIds.length ? { roleIds: 'A role that you ticked is gone. Look again.' } : {}),
    ...(teams.length < teamIds.length ? { teamIds: 'A team that you ticked is gone. Look again.' } : {}),
  }
}

const changedMeanwhile =
  'Somebody else changed this automation meanwhile. Look at it again, then save what is yours.'

async function withNames(db: Queryable, settings: Settings): Promise<NamedSettings> {
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name)
  const roleNames = names(await selectRoleNames(db, settings.roleIds))
  return { ...settings, roleNames, teamNames: names(await selectTeamNames(db, settings.teamIds)) }
}

/** On, with who and why, and with their rights; or off, which needs no reason. */
export function switchAutomation(
  db: Db,
  by: RequestContext<Actor>,
  key: AutomationKey,
  to: 'on' | 'off',
  reason: string,
): Promise<void> {
  return db.transaction(async (tx) => {
    await lockAutomation(tx, key)
    if (to === 'on') await reauthorizeAutomation(tx, by, key)
    else await reauthorizeSettings(tx, by, 'automations.manage')
    const { switchedOn } = await selectAutomation(tx, key)
    if (switchedOn !== (to === 'on')) await applySwitch(tx, by, key, to, reason)
  })
}

async function applySwitch(
  tx: Tx,
  by: RequestContext<Actor>,
  key: AutomationKey,
  to: 'on' | 'off',
  reason: string,
): Promise<void> {
  if (to === 'on') await updateSwitchedOn(tx, key, by.actor.id, reason)
  else await updateSwitchedOff(tx, key, by.actor.id, null)
  const details = { setting: definitions[key].name, before: to === 'on' ? 'off' : 'on', after: to }
  record(tx, by, { event: 'policy_changed', details: { ...details, ...(reason ? { reason } : {}) } })
}
