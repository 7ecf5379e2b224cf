import type { Actor, By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import type { Db, Queryable, Tx } from '../foundation/db.ts'
import { done, refused, type Errors, type Outcome } from '../foundation/outcome.ts'
import { stillSets } from '../settings/reach.ts'
import { catalogue, changesBetween, type Key, type Settings, type Told } from './catalogue.ts'
import { stillRuns } from './reach.ts'
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
  by: By<Actor>,
  key: Key,
  seen: number,
  settings: Settings,
): Promise<Outcome<void>> {
  return db.transaction(async (tx) => {
    await lockAutomation(tx, key)
    await stillRuns(tx, by, key)
    const saved = await selectAutomation(tx, key)
    if (saved.version !== seen) return refused({ form: movedOn })
    const errors = await goneFrom(tx, settings)
    if (Object.keys(errors).length > 0) return refused(errors)
    const found = await selectByAddresses(tx, settings.exempt)
    const [before, after] = [await told(tx, saved.settings), await told(tx, settings)]
    await updateSettings(tx, key, {
      ...settings,
      exemptIds: found.map(({ id }) => id),
      actsFor: by.actor.id,
    })
    for (const change of changesBetween(key, before, after))
      record(tx, by, { event: 'policy_changed', details: change })
    return done(undefined)
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

const movedOn = 'Somebody else changed this automation meanwhile. Look at it again, then save what is yours.'

async function told(db: Queryable, settings: Settings): Promise<Told> {
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name)
  const roleNames = names(await selectRoleNames(db, settings.roleIds))
  return { ...settings, roleNames, teamNames: names(await selectTeamNames(db, settings.teamIds)) }
}

/** On, with who and why, and with their rights; or off, which needs no reason. */
export function switchAutomation(
  db: Db,
  by: By<Actor>,
  key: Key,
  to: 'on' | 'off',
  reason: string,
): Promise<void> {
  return db.transaction(async (tx) => {
    await lockAutomation(tx, key)
    if (to === 'on') await stillRuns(tx, by, key)
    else await stillSets(tx, by, 'automations.manage')
    const { switchedOn } = await selectAutomation(tx, key)
    if (switchedOn !== (to === 'on')) await turn(tx, by, key, to, reason)
  })
}

async function turn(tx: Tx, by: By<Actor>, key: Key, to: 'on' | 'off', reason: string): Promise<void> {
  if (to === 'on') await updateSwitchedOn(tx, key, by.actor.id, reason)
  else await updateSwitchedOff(tx, key, by.actor.id, null)
  const details = { setting: catalogue[key].name, before: to === 'on' ? 'off' : 'on', after: to }
  record(tx, by, { event: 'policy_changed', details: { ...details, ...(reason ? { reason } : {}) } })
}
