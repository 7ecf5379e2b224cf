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
 * Saves the settings and records an event for each change. An automation that is on then runs with the permissions of the
 * person who changed it, so that no one can use another person's permissions. `version` is the version that the form
 * was opened with: changes saved by others meanwhile are not overwritten.
 */
export function changeSettings(
  db: Db,
  by: RequestContext<Actor>,
  key: AutomationKey,
  version: number,
  settings: Settings,
): Promise<Result<void>> {
  return db.transaction(async (tx) => {
    await lockAutomation(tx, key)
    await reauthorizeAutomation(tx, by, key)
    const saved = await selectAutomation(tx, key)
    if (saved.version !== version) return invalid({ form: changedMeanwhile })
    const errors = await missingChoices(tx, settings)
    if (Object.keys(errors).length > 0) return invalid(errors)
    const found = await selectByAddresses(tx, settings.exempt)
    const [before, after] = [await withNames(tx, saved.settings), await withNames(tx, settings)]
    await updateSettings(tx, key, {
      ...settings,
      exemptIds: found.map(({ id }) => id),
      runAs: by.actor.id,
    })
    for (const change of changesBetween(key, before, after))
      record(tx, by, { event: 'policy_changed', details: change })
    return ok(undefined)
  })
}

type Choices = Partial<Pick<Settings, 'exempt' | 'roleIds' | 'teamIds'>>

/** Errors for roles, teams and addresses that do not exist, to be shown with the other errors of the form. */
export async function missingChoices(
  db: Queryable,
  { exempt = [], roleIds = [], teamIds = [] }: Choices,
): Promise<Errors> {
  const found = await selectByAddresses(db, exempt)
  const unknown = exempt.find((address) => !found.some(({ email }) => email === address))
  const [roles, teams] = [await selectRoleNames(db, roleIds), await selectTeamNames(db, teamIds)]
  return {
    ...(unknown === undefined ? {} : { exempt: `No account has the address ${unknown}.` }),
    ...(roles.length < roleIds.length
      ? { roleIds: 'A role that you selected no longer exists. Select again.' }
      : {}),
    ...(teams.length < teamIds.length
      ? { teamIds: 'A team that you selected no longer exists. Select again.' }
      : {}),
  }
}

const changedMeanwhile =
  'Someone else changed this automation meanwhile. Reload the page, then make your changes again.'

async function withNames(db: Queryable, settings: Settings): Promise<NamedSettings> {
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name)
  const roleNames = names(await selectRoleNames(db, settings.roleIds))
  return { ...settings, roleNames, teamNames: names(await selectTeamNames(db, settings.teamIds)) }
}

/** Turns an automation on, with a reason and the permissions of the actor, or off, which needs no reason. */
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
