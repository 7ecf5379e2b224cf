import type { Actor, RequestContext } from '../access/actor.ts'
import { record } from '../activity/record.ts'
import { selectCompany, type CompanyDefaults } from '../company/queries.ts'
import type { Db } from '../platform/db.ts'
import { ok, invalid, type Errors, type Result } from '../platform/result.ts'
import { lockCompany, selectTimeZones, updateCompany } from './queries.ts'
import { reauthorizeSettings } from './reauthorize.ts'

export interface CompanySettings {
  name: string
  timeZone: string
  /** Null removes it; undefined keeps it. */
  officePhone?: string | null | undefined
}

/**
 * Changes the name of the company on pages and in emails, the time zone of dates and times, and the phone number that
 * people call.
 */
export async function updateCompanySettings(
  db: Db,
  by: RequestContext<Actor>,
  defaults: CompanyDefaults,
  { name, timeZone, ...settings }: CompanySettings,
): Promise<Result<void>> {
  const errors = await timeZoneError(db, timeZone)
  if (errors.timeZone) return invalid(errors)
  return db.transaction(async (tx) => {
    await lockCompany(tx)
    await reauthorizeSettings(tx, by, 'settings.manage')
    const before = await selectCompany(tx, defaults)
    const { officePhone = before.officePhone } = settings
    await updateCompany(tx, name === before.name ? null : name, { timeZone, officePhone })
    const recordChange = (setting: string, before: string | null, after: string | null) => {
      if (before !== after) record(tx, by, { event: 'policy_changed', details: { setting, before, after } })
    }
    recordChange('company name', before.name, name)
    recordChange('time zone', before.timeZone, timeZone)
    recordChange('office phone', before.officePhone, officePhone)
    return ok(undefined)
  })
}

export async function timeZoneError(db: Db, timeZone: string | undefined): Promise<Errors> {
  const known = timeZone === undefined || (await knownTimeZones(db)).includes(timeZone)
  return known ? {} : { timeZone: 'Choose a time zone from the list.' }
}

/** The time zones that both the database and Node.js know, since both format times. */
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
