import { z } from 'zod'
import { one, sql, type Queryable, type Sql, type Tx } from '../platform/db.ts'

/** The row of the company. Null means the default of the environment. */
const CompanyRow = z.object({
  name: z.string().nullable(),
  time_zone: z.string(),
  password_min_length: z.number(),
  lasting_passwords_allowed: z.boolean(),
  temporary_password_hours: z.number(),
  remember_days: z.number(),
  session_idle_minutes: z.number(),
  session_hours: z.number(),
  context_words: z.array(z.string()),
  policy_version: z.number(),
  office_phone: z.string().nullable(),
  caller_check: z.enum(['off', 'required']),
})
type CompanyRow = z.output<typeof CompanyRow>

export interface Company {
  name: string
  timeZone: string
  passwordMinLength: number
  lastingPasswordsAllowed: boolean
  temporaryPasswordHours: number
  rememberDays: number
  sessionIdleMinutes: number
  sessionHours: number
  contextWords: string[]
  policyVersion: number
  /** The number behind “call your office”. */
  officePhone: string | null
  /** Whether the office must check a caller before it changes their password. */
  callerCheck: 'off' | 'required'
}

/** Defaults from the environment. The company’s own settings override them, but the higher minimum length wins. */
export interface CompanyDefaults {
  companyName: string
  passwordMinLength: number
}

const Row = z.object({ company: CompanyRow })

export async function selectCompany(db: Queryable, defaults: CompanyDefaults): Promise<Company> {
  const statement = sql`select to_jsonb(c) as company from company c`.lookup('company')
  return companyOf((await one(db, Row, statement)).company, defaults)
}

/** Locks the company for share: it cannot change until the transaction ends. */
export async function selectCompanyForShare(tx: Tx, defaults: CompanyDefaults): Promise<Company> {
  const statement = sql`select to_jsonb(c) as company from company c for share`.prepared('company, held')
  return companyOf((await one(tx, Row, statement)).company, defaults)
}

function companyOf(row: CompanyRow, defaults: CompanyDefaults): Company {
  return {
    name: row.name ?? defaults.companyName,
    timeZone: row.time_zone,
    passwordMinLength: Math.max(row.password_min_length, defaults.passwordMinLength),
    lastingPasswordsAllowed: row.lasting_passwords_allowed,
    temporaryPasswordHours: row.temporary_password_hours,
    rememberDays: row.remember_days,
    sessionIdleMinutes: row.session_idle_minutes,
    sessionHours: row.session_hours,
    contextWords: row.context_words,
    policyVersion: row.policy_version,
    officePhone: row.office_phone,
    callerCheck: row.caller_check,
  }
}

/** The company's time zone. */
export const companyZone = sql`(select time_zone from company)`

/**
 * When a day begins in a time zone. Where clocks go back over midnight, midnight happens twice and PostgreSQL
 * takes the second; the day begins with the first.
 */
export function beginningOf(day: Sql, timeZone: Sql): Sql {
  const earlier = sql`(midnight - interval '1 hour')`
  return sql`(select case when (${earlier} at time zone ${timeZone})::date = ${day} then ${earlier} else midnight end
    from (select (${day})::timestamp at time zone ${timeZone} as midnight) its)`
}
