import { z } from 'zod'
import { Role, type Target } from '../access/actor.ts'
import { many, maybeOne, one, run, sql, type Queryable, type Tx } from '../foundation/db.ts'
import { keys, type Settings } from './catalogue.ts'

const zone = sql`(select time_zone from company)`

/** The last turn of an automation's timetable and the next one, by the company's clock. */
const turns = sql`lateral (
  select case when every = 'hour' then date_trunc('hour', now()) else max(t) filter (where t <= now()) end as last_turn,
    case when every = 'hour' then date_trunc('hour', now()) + interval '1 hour' else min(t) filter (where t > now()) end as next_turn
  from (select (d + run_at) at time zone ${zone} as t
        from generate_series(-4, 4) n, lateral (select (now() at time zone ${zone})::date + n as d) its
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
  key: z.enum(keys),
  switched_on: z.boolean(),
  switched_at: z.date().nullable(),
  switched_by_name: z.string().nullable(),
  acts_for_id: z.string().nullable(),
  acts_for_name: z.string().nullable(),
  reason: z.string().nullable(),
  stopped_because: z.string().nullable(),
  version: z.number(),
  next_turn: z.date(),
}).transform((row) => ({
  ...{ key: row.key, version: row.version, switchedOn: row.switched_on, switchedAt: row.switched_at },
  ...{ switchedBy: row.switched_by_name, actsFor: row.acts_for_name, actsForId: row.acts_for_id },
  ...{ reason: row.reason, stoppedBecause: row.stopped_because, nextTurn: row.next_turn },
  settings: settingsOf(row),
}))
export type AutomationRow = z.output<typeof AutomationRow>

const automations = sql`select a.key, a.switched_on, a.switched_at, s.name as switched_by_name, f.id as acts_for_id,
    f.name as acts_for_name, a.reason, a.stopped_because, a.version, turn.next_turn, ${settingsColumns}
  from automations a cross join ${turns} left join users s on s.id = a.switched_by left join users f on f.id = a.acts_for`

export const selectAutomations = (db: Queryable): Promise<AutomationRow[]> =>
  many(db, AutomationRow, automations)

export const selectAutomation = (db: Queryable, key: string): Promise<AutomationRow> =>
  one(db, AutomationRow, sql`${automations} where a.key = ${key}`)

/** Whoever changes an automation, and whoever runs it, waits for the one before. */
export async function lockAutomation(tx: Tx, key: string): Promise<void> {
  await run(tx, sql`select from automations where key = ${key} for no key update`)
}

export async function updateSettings(
  tx: Tx,
  key: string,
  settings: Settings & { exemptIds: string[]; actsFor: string },
): Promise<void> {
  await run(
    tx,
    sql`update automations set every = ${settings.every}, run_at = ${settings.runAt}::time,
          people_a_day = ${settings.peopleADay}, role_ids = ${settings.roleIds}::uuid[], team_ids = ${settings.teamIds}::uuid[],
          days = ${settings.days}, grace_hours = ${settings.graceHours}, days_ahead = ${settings.daysAhead}::int[],
          acts_for = case when switched_on then ${settings.actsFor}::uuid else acts_for end,
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
    sql`update automations set switched_on = true, switched_at = now(), switched_by = ${by}, acts_for = ${by},
          reason = ${reason}, stopped_because = null, changed_at = now(), version = version + 1 where key = ${key}`,
  )
}

/** By somebody, or by itself, and then with the reason. */
export async function updateSwitchedOff(tx: Tx, key: string, by: string | null, because: string | null) {
  await run(
    tx,
    sql`update automations set switched_on = false, switched_at = now(), switched_by = coalesce(${by}, switched_by),
          stopped_because = ${because}, changed_at = now(), version = version + 1 where key = ${key}`,
  )
}

const Named = z.object({ id: z.string(), name: z.string() })

/** Names of roles, or of teams, for ids; one that is gone has none. */
export const selectRoleNames = (db: Queryable, ids: string[]) =>
  many(db, Named, sql`select id, name from roles where id = any(${ids}::uuid[]) order by name`)
export const selectTeamNames = (db: Queryable, ids: string[]) =>
  many(db, Named, sql`select id, name from teams where id = any(${ids}::uuid[]) order by name`)

export const selectByAddresses = (db: Queryable, addresses: string[]) =>
  many(
    db,
    z.object({ id: z.string(), email: z.string() }),
    sql`select id, email from users where email = any(${addresses}::text[])`,
  )

/** Roles as they are; whom somebody reaches hangs on these alone, where they reach the whole company. */
export const selectRoles = (db: Queryable) =>
  many(
    db,
    Role.extend({ id: z.string() }),
    sql`select * from roles order by kind desc, built_in desc, cardinality(permissions), name`,
  )

const Author = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  team_id: z.string().nullable(),
  status: z.string(),
  role: Role,
})

const RunRow = z
  .object({
    id: z.string(),
    automation: z.enum(keys),
    scheduled: z.boolean(),
    ended: z.boolean(),
    room: z.coerce.number(),
    author: Author,
  })
  .transform(({ author: { team_id: teamId, status, ...who }, ...row }) => ({
    ...row,
    author: { ...who, teamId } as Target,
    authorActive: status === 'active',
  }))
export type RunRow = z.output<typeof RunRow>

/** A run with its automation locked, whom it acts for as they are now, and how many more people it may touch today. */
export function selectOptionalRunForUpdate(tx: Tx, id: string): Promise<RunRow | undefined> {
  return maybeOne(
    tx,
    RunRow,
    sql`select n.id, n.automation, n.turn is not null as scheduled, n.ended_at is not null as ended,
          jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email, 'team_id', u.team_id, 'status', u.status,
            'role', to_jsonb(r)) as author,
          a.people_a_day - (select count(*) from automation_deeds d where d.automation = a.key
            and d.at >= date_trunc('day', now() at time zone ${zone}) at time zone ${zone}) as room
        from automation_runs n join automations a on a.key = n.automation join users u on u.id = n.acts_for
          join roles r on r.id = u.role_id
        where n.id = ${id} for no key update of a, n`,
  )
}

/** A run that nobody pressed has its turn, which it has once. */
export async function insertRun(
  tx: Tx,
  key: string,
  actsFor: string,
  turn: Date | null,
): Promise<string | undefined> {
  const row = await maybeOne(
    tx,
    z.object({ id: z.string() }),
    sql`insert into automation_runs (automation, acts_for, turn) values (${key}, ${actsFor}, ${turn})
        on conflict (automation, turn) do nothing returning id`,
  )
  return row?.id
}

/** Automations whose turn has come since they were last changed; one slept through by half a day is left out. */
export const selectWhoseTurn = (db: Queryable) =>
  many(
    db,
    z.object({ key: z.enum(keys), acts_for: z.string(), last_turn: z.date() }),
    sql`select a.key, a.acts_for, turn.last_turn from automations a cross join ${turns}
        where a.switched_on and turn.last_turn > a.changed_at and turn.last_turn > now() - interval '12 hours'
          and not exists (select from automation_runs n where n.automation = a.key and n.turn = turn.last_turn)`,
  )

/** Runs that are not over and on which no job works. */
export const selectRunsLeftAlone = (db: Queryable) =>
  many(
    db,
    z.object({ id: z.string() }),
    sql`select id from automation_runs n where ended_at is null and not exists (
          select from graphile_worker.jobs where key = 'automation run ' || n.id and attempts < max_attempts)`,
  )

export async function selectIsRunning(tx: Tx, key: string): Promise<boolean> {
  const row = await one(
    tx,
    z.object({ running: z.boolean() }),
    sql`select exists (select from automation_runs where automation = ${key} and ended_at is null) as running`,
  )
  return row.running
}

export async function updateRunPeople(tx: Tx, id: string, people: number): Promise<void> {
  await run(tx, sql`update automation_runs set people = people + ${people}, error = null where id = ${id}`)
}

export async function updateRunTrouble(db: Queryable, id: string, error: string): Promise<void> {
  await run(
    db,
    sql`update automation_runs set error = left(${error}, 500) where id = ${id} and ended_at is null`,
  )
}

/** The run is over; gives how many people it was about. */
export function updateRunEnded(tx: Tx, id: string, leftOver: number | null, error: string | null) {
  return one(
    tx,
    z.object({ people: z.number() }),
    sql`update automation_runs set ended_at = now(), left_over = ${leftOver}, error = left(${error}, 500)
        where id = ${id} returning people`,
  )
}

const History = z.object({
  id: z.string(),
  automation: z.enum(keys),
  scheduled: z.boolean(),
  acts_for_name: z.string(),
  started_at: z.date(),
  ended_at: z.date().nullable(),
  people: z.number(),
  left_over: z.number().nullable(),
  error: z.string().nullable(),
})
export type History = z.output<typeof History>

const history = sql`n.id, n.automation, n.turn is not null as scheduled, u.name as acts_for_name, n.started_at, n.ended_at,
  n.people, n.left_over, n.error`

export const selectHistory = (db: Queryable, key: string, limit: number): Promise<History[]> =>
  many(
    db,
    History,
    sql`select ${history} from automation_runs n join users u on u.id = n.acts_for
        where n.automation = ${key} order by n.started_at desc limit ${limit}`,
  )

/** The last run of each automation that ever ran. */
export const selectLastRuns = (db: Queryable): Promise<History[]> =>
  many(
    db,
    History,
    sql`select distinct on (n.automation) ${history} from automation_runs n join users u on u.id = n.acts_for
        order by n.automation, n.started_at desc`,
  )

export async function insertDeeds(
  tx: Tx,
  key: string,
  runId: string,
  deeds: { id: string; occasion: string }[],
): Promise<void> {
  await run(
    tx,
    sql`insert into automation_deeds (automation, user_id, occasion, run_id)
        select ${key}, d.id, d.occasion, ${runId}
        from unnest(${deeds.map(({ id }) => id)}::uuid[], ${deeds.map(({ occasion }) => occasion)}::text[]) as d(id, occasion)`,
  )
}
