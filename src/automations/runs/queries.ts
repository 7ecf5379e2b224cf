import { inBatches } from '../../platform/in-batches.ts'
import { z } from 'zod'
import { asTarget, TargetRow } from '../../access/actor.ts'
import { runStopTexts, type RunStop } from '../../activity/reason-texts.ts'
import { beginningOf, companyZone } from '../../company/queries.ts'
import { Id, many, maybeOne, one, run, sql, type Queryable, type Tx } from '../../platform/db.ts'
import { reasonColumn } from '../../platform/reason.ts'
import { automationKeys } from '../definitions.ts'
import { scheduledTimes } from '../queries.ts'

const today = sql`(now() at time zone ${companyZone})::date`

const RunRow = z
  .object({
    id: z.string(),
    automation: z.enum(automationKeys),
    scheduled: z.boolean(),
    ended: z.boolean(),
    on: z.boolean(),
    left_today: z.coerce.number(),
    author: TargetRow.extend({ status: z.string() }),
  })
  .transform(({ author, left_today: leftToday, ...row }) => ({
    ...row,
    leftToday,
    author: asTarget(author),
    authorActive: author.status === 'active',
  }))
export type RunRow = z.output<typeof RunRow>

const RunAs = z.object({ run_as: z.string() })

/** Locks a run and its automation. Returns the id of the person it runs as. */
export async function lockRun(tx: Tx, id: string): Promise<string | undefined> {
  const row = await maybeOne(
    tx,
    RunAs,
    sql`select n.run_as from automation_runs n join automations a on a.key = n.automation
        where n.id = ${id} for no key update of a, n`,
  )
  return row?.run_as
}

/** A run, the person it runs as with their current role, and how many more people it may act on today. */
export function selectOptionalRun(tx: Tx, id: string): Promise<RunRow | undefined> {
  return maybeOne(
    tx,
    RunRow,
    sql`select n.id, n.automation, n.turn is not null as scheduled, n.ended_at is not null as ended, a.switched_on as on,
          jsonb_build_object('id', u.id, 'name', u.name, 'email', u.email, 'team_id', u.team_id, 'status', u.status,
            'role', to_jsonb(r)) as author,
          a.people_a_day - (select count(*) from automation_actions d where d.automation = a.key
            and d.at >= ${beginningOf(today, companyZone)}) as left_today
        from automation_runs n join automations a on a.key = n.automation join users u on u.id = n.run_as
          join roles r on r.id = u.role_id
        where n.id = ${id}`,
  )
}

const DueAutomation = z.object({ key: z.enum(automationKeys), run_as: z.string(), last_turn: z.date() })

/** Inserts a run. Each scheduled time (`turn`) has one run; runs started by hand have none. */
export async function insertRun(
  tx: Tx,
  key: string,
  runAs: string,
  turn: Date | null,
): Promise<string | undefined> {
  const row = await maybeOne(
    tx,
    Id,
    sql`insert into automation_runs (automation, run_as, turn) values (${key}, ${runAs}, ${turn})
        on conflict (automation, turn) do nothing returning id`,
  )
  return row?.id
}

/** Automations with a scheduled time since their last change. Times more than 12 hours ago are skipped. */
export const selectDueAutomations = (db: Queryable) =>
  many(
    db,
    DueAutomation,
    sql`select a.key, a.run_as, turn.last_turn from automations a cross join ${scheduledTimes}
        where a.switched_on and turn.last_turn > a.changed_at and turn.last_turn > now() - interval '12 hours'
          and not exists (select from automation_runs n where n.automation = a.key and n.turn = turn.last_turn)`,
  )

/** Unfinished runs without a job. */
export const selectStalledRuns = (db: Queryable) =>
  many(
    db,
    Id,
    sql`select id from automation_runs n where ended_at is null and not exists (
          select from graphile_worker.jobs where key = 'automation run ' || n.id and attempts < max_attempts)`,
  )

const IsRunning = z.object({ running: z.boolean() })

export async function selectIsRunning(tx: Tx, key: string): Promise<boolean> {
  const row = await one(
    tx,
    IsRunning,
    sql`select exists (select from automation_runs where automation = ${key} and ended_at is null) as running`,
  )
  return row.running
}

export async function updateRunPeople(tx: Tx, id: string, people: number): Promise<void> {
  await run(
    tx,
    sql`update automation_runs set people = people + ${people}, stop_reason = null where id = ${id}`,
  )
}

export async function updateRunFailed(db: Queryable, id: string, reason: RunStop): Promise<void> {
  await run(
    db,
    sql`update automation_runs set stop_reason = ${reason}::jsonb where id = ${id} and ended_at is null`,
  )
}

const Ended = z.object({ people: z.number() })

/** Ends the run. Returns how many people it acted on. */
export function updateRunEnded(tx: Tx, id: string, leftOver: number | null, reason: RunStop | null) {
  return one(
    tx,
    Ended,
    sql`update automation_runs set ended_at = now(), left_over = ${leftOver}, stop_reason = ${reason}::jsonb
        where id = ${id} returning people`,
  )
}

const History = z.object({
  id: z.string(),
  automation: z.enum(automationKeys),
  scheduled: z.boolean(),
  run_as_name: z.string(),
  started_at: z.date(),
  ended_at: z.date().nullable(),
  people: z.number(),
  left_over: z.number().nullable(),
  stop_reason: reasonColumn(runStopTexts).nullable(),
})
export type History = z.output<typeof History>

const history = sql`n.id, n.automation, n.turn is not null as scheduled, u.name as run_as_name, n.started_at, n.ended_at,
  n.people, n.left_over, n.stop_reason`

export const selectHistory = (db: Queryable, key: string, limit: number): Promise<History[]> =>
  many(
    db,
    History,
    sql`select ${history} from automation_runs n join users u on u.id = n.run_as
        where n.automation = ${key} order by n.started_at desc limit ${limit}`,
  )

/** The last run of each automation. */
export const selectLastRuns = (db: Queryable): Promise<History[]> =>
  many(
    db,
    History,
    sql`select distinct on (n.automation) ${history} from automation_runs n join users u on u.id = n.run_as
        order by n.automation, n.started_at desc`,
  )

export async function insertAutomationActions(
  tx: Tx,
  key: string,
  runId: string,
  actions: { id: string; occasion: string }[],
): Promise<void> {
  await run(
    tx,
    sql`insert into automation_actions (automation, user_id, occasion, run_id)
        select ${key}, d.id, d.occasion, ${runId}
        from unnest(${actions.map(({ id }) => id)}::uuid[], ${actions.map(({ occasion }) => occasion)}::text[]) as d(id, occasion)`,
  )
}

/** Deletes old runs that acted on no one. The others stay, so that nothing is done to a person twice. */
export const pruneRuns = (db: Queryable): Promise<void> =>
  inBatches((most) =>
    run(
      db,
      sql`delete from automation_runs where id in (
          select id from automation_runs n where n.started_at < now() - interval '13 months' and n.people = 0
            and not exists (select from automation_actions d where d.run_id = n.id) limit ${most})`,
    ),
  )
