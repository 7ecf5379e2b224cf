import { z } from 'zod'
import { runStopTexts, type RunStop } from '../activity/reason-texts.ts'
import { companyZone } from '../company/queries.ts'
import { many, one, run, sql, type Queryable, type Tx } from '../platform/db.ts'
import { reasonColumn } from '../platform/reason.ts'
import { automationKeys, type Settings } from './definitions.ts'

/** The schedule of an automation: its last and its next time (last_turn, next_turn), in the company's time zone. */
export const scheduledTimes = sql`lateral (
  select case when every = 'hour' then date_trunc('hour', now()) else max(t) filter (where t <= now()) end as last_turn,
    case when every = 'hour' then date_trunc('hour', now()) + interval '1 hour' else min(t) filter (where t > now()) end as next_turn
  from (select (d + run_at) at time zone ${companyZone} as t
        from generate_series(-4, 4) n, lateral (select (now() at time zone ${companyZone})::date + n as d) its
        where every = 'day' or extract(isodow from d) < 6) turns) turn`

const SettingsRow = z.object({
  every: z.enum(['hour', 'day', 'weekday']),
  run_at: z.string(),
  people_a_day: z.number(),
  role_ids: z.array(z.string()),
  team_ids: z.array(z.string()),
  exempt: z.array(z.string()),
  days: z.number().nullable(),
  grace_hours: z.number().nullable(),
  days_ahead: z.array(z.number()).nullable(),
})

const settingsOf = (row: z.output<typeof SettingsRow>): Settings => ({
  every: row.every,
  runAt: row.run_at,
  peopleADay: row.people_a_day,
  roleIds: row.role_ids,
  teamIds: row.team_ids,
  exempt: row.exempt,
  days: row.days,
  graceHours: row.grace_hours,
  daysAhead: row.days_ahead,
})

const settingsColumns = sql`a.every, to_char(a.run_at, 'HH24:MI') as run_at, a.people_a_day, a.role_ids, a.team_ids, a.days,
  a.grace_hours, a.days_ahead, array(select u.email from automation_exemptions e join users u on u.id = e.user_id
    where e.automation = a.key order by u.email) as exempt`

const AutomationRow = SettingsRow.extend({
  key: z.enum(automationKeys),
  switched_on: z.boolean(),
  switched_at: z.date().nullable(),
  switched_by_name: z.string().nullable(),
  run_as_name: z.string().nullable(),
  reason: z.string().nullable(),
  stop_reason: reasonColumn(runStopTexts).nullable(),
  version: z.number(),
  next_turn: z.date(),
}).transform((row) => ({
  key: row.key,
  version: row.version,
  switchedOn: row.switched_on,
  switchedAt: row.switched_at,
  switchedBy: row.switched_by_name,
  runAsName: row.run_as_name,
  reason: row.reason,
  stopReason: row.stop_reason,
  nextRunAt: row.next_turn,
  settings: settingsOf(row),
}))
export type AutomationRow = z.output<typeof AutomationRow>

const automations = sql`select a.key, a.switched_on, a.switched_at, s.name as switched_by_name, f.name as run_as_name, a.reason, a.stop_reason, a.version, turn.next_turn, ${settingsColumns}
  from automations a cross join ${scheduledTimes} left join users s on s.id = a.switched_by left join users f on f.id = a.run_as`

export const selectAutomations = (db: Queryable): Promise<AutomationRow[]> =>
  many(db, AutomationRow, automations)

export const selectAutomation = (db: Queryable, key: string): Promise<AutomationRow> =>
  one(db, AutomationRow, sql`${automations} where a.key = ${key}`)

/** Makes changes and runs of an automation wait for each other. */
export async function lockAutomation(tx: Tx, key: string): Promise<void> {
  await run(tx, sql`select from automations where key = ${key} for no key update`)
}

export async function updateSettings(
  tx: Tx,
  key: string,
  settings: Settings & { exemptIds: string[]; runAs: string },
): Promise<void> {
  await run(
    tx,
    sql`update automations set every = ${settings.every}, run_at = ${settings.runAt}::time,
          people_a_day = ${settings.peopleADay}, role_ids = ${settings.roleIds}::uuid[], team_ids = ${settings.teamIds}::uuid[],
          days = ${settings.days}, grace_hours = ${settings.graceHours}, days_ahead = ${settings.daysAhead}::int[],
          run_as = case when switched_on then ${settings.runAs}::uuid else run_as end,
          changed_at = now(), version = version + 1
        where key = ${key}`,
  )
  await run(tx, sql`delete from automation_exemptions where automation = ${key}`)
  await run(
    tx,
    sql`insert into automation_exemptions (automation, user_id) select ${key}, unnest(${settings.exemptIds}::uuid[])`,
  )
}

export async function updateSwitchedOn(tx: Tx, key: string, by: string, reason: string): Promise<void> {
  await run(
    tx,
    sql`update automations set switched_on = true, switched_at = now(), switched_by = ${by}, run_as = ${by},
          reason = ${reason}, stop_reason = null, changed_at = now(), version = version + 1 where key = ${key}`,
  )
}

/** Turned off by a person, or, with a `reason`, by the automation itself. */
export async function updateSwitchedOff(tx: Tx, key: string, by: string | null, reason: RunStop | null) {
  await run(
    tx,
    sql`update automations set switched_on = false, switched_at = now(), switched_by = coalesce(${by}, switched_by),
          stop_reason = ${reason}::jsonb, changed_at = now(), version = version + 1 where key = ${key}`,
  )
}

const Named = z.object({ id: z.string(), name: z.string() })

/** The names of roles or teams that still exist. */
export const selectRoleNames = (db: Queryable, ids: string[]) =>
  many(db, Named, sql`select id, name from roles where id = any(${ids}::uuid[]) order by name`)
export const selectTeamNames = (db: Queryable, ids: string[]) =>
  many(db, Named, sql`select id, name from teams where id = any(${ids}::uuid[]) order by name`)

const UserEmail = z.object({ id: z.string(), email: z.string() })

export const selectByAddresses = (db: Queryable, addresses: string[]) =>
  many(db, UserEmail, sql`select id, email from users where email = any(${addresses}::text[])`)
