import type { Actor, RequestContext } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../platform/db.ts'
import { ok, invalid, type Errors, type Result } from '../platform/result.ts'
import { lockCompany, selectTimeZones, updateCompany } from './queries.ts'
import { reauthorizeSettings } from './reauthorize.ts'

/** What the company is called, on pages and in mails, and the clock by which its people read days and times. */
export async function updateCompanySettings(
  db: Db,
  by: RequestContext<Actor>,
  defaults: CompanyDefaults,
  { name, timeZone }: { name: string; timeZone: string },
): Promise<Result<void>> {
  const errors = await timeZoneFault(db, timeZone)
  if (errors.timeZone) return invalid(errors)
  return db.transaction(async (tx) => {
    await lockCompany(tx)
    await reauthorizeSettings(tx, by, 'settings.manage')
    const before = await selectCompany(tx, defaults)
    await updateCompany(tx, name === before.name ? null : name, timeZone)
    const changed = (setting: string, before: string, after: string) => {
      if (before !== after) record(tx, by, { event: 'policy_changed', details: { setting, before, after } })
    }
    changed('company name', before.name, name)
    changed('time zone', before.timeZone, timeZone)
    return ok(undefined)
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
