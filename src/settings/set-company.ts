import type { Actor, By } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../foundation/db.ts'
import { done, refused, type Errors, type Outcome } from '../foundation/outcome.ts'
import { lockCompany, selectTimeZones, updateCompany } from './queries.ts'
import { stillSets } from './reach.ts'

/** What the company is called, on pages and in mails, and the clock by which its people read days and times. */
export async function setCompany(
  db: Db,
  by: By<Actor>,
  defaults: CompanyDefaults,
  { name, timeZone }: { name: string; timeZone: string },
): Promise<Outcome<void>> {
  const errors = await timeZoneFault(db, timeZone)
  if (errors.timeZone) return refused(errors)
  return db.transaction(async (tx) => {
    await lockCompany(tx)
    await stillSets(tx, by, 'settings.manage')
    const before = await selectCompany(tx, defaults)
    await updateCompany(tx, name === before.name ? null : name, timeZone)
    const changed = (setting: string, before: string, after: string) => {
      if (before !== after) record(tx, by, { event: 'policy_changed', details: { setting, before, after } })
    }
    changed('company name', before.name, name)
    changed('time zone', before.timeZone, timeZone)
    return done(undefined)
  })
}

export async function timeZoneFault(db: Db, timeZone: string | undefined): Promise<Errors> {
  const known = timeZone === undefined || (await knownTimeZones(db)).includes(timeZone)
  return known ? {} : { timeZone: 'Choose a time zone of the list.' }
}

/** Those that the database and this program both know, since both tell the time. */
export async function knownTimeZones(db: Db): Promise<string[]> {
  return (await selectTimeZones(db)).filter(isKnown)
}

function isKnown(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone }))
  } catch {
    return false
  }
}
