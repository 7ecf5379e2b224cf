import { hasPermission, systemContext } from '../../access/actor.ts'
import type { Permission } from '../../access/permissions.ts'
import { detailsOfReason } from '../../activity/describe-reason.ts'
import type { RunStop } from '../../activity/reason-texts.ts'
import { record } from '../../activity/record.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { enqueue } from '../../platform/jobs.ts'
import { log } from '../../platform/log.ts'
import { definitions } from '../definitions.ts'
import { automationActions, type RunContext } from './actions.ts'
import { selectDueCount, selectDueForUpdate } from '../due/queries.ts'
import { audienceFor } from '../due/audience.ts'
import {
  insertAutomationActions,
  lockRun,
  selectOptionalRun,
  updateRunEnded,
  updateRunPeople,
  updateRunFailed,
  type RunRow,
} from './queries.ts'
import { selectAutomation, updateSwitchedOff } from '../queries.ts'
import { lockActors } from '../../auth/sessions/lock-users.ts'

const batchSize = 100

export const enqueueRun = (tx: Tx, runId: string): void =>
  enqueue(tx, 'run_automation', { runId }, { key: `automation run ${runId}` })

/**
 * Acts on everyone who is due, a hundred in one transaction, until no one is left or the daily limit is reached. Each
 * person has each occasion once, even if the run is killed and started again. Errors are shown in the history; after the
 * last attempt they end the run.
 */
export async function runAutomation(db: Db, runId: string, isLast: boolean): Promise<void> {
  try {
    while (await db.transaction((tx) => runBatch(tx, runId)));
  } catch (error) {
    log.error({ err: error, run: runId }, 'a run of an automation failed')
    const reason: RunStop = { code: 'internal_error', run_id: runId }
    if (isLast) await db.transaction((tx) => giveUp(tx, runId, reason))
    else await updateRunFailed(db, runId, reason).catch(() => {})
    throw error
  }
}

/** Acts on up to a hundred people. Returns whether there may be more. */
async function runBatch(tx: Tx, runId: string): Promise<boolean> {
  const run = await lockAndSelectRun(tx, runId)
  if (!run || run.ended) return false
  const reason = stopReason(run)
  if (reason !== undefined) return stop(tx, run, reason)
  const audience = await audienceFor(tx, run.automation, run.author)
  const limit = Math.min(batchSize, Math.max(0, run.leftToday))
  const people = await selectDueForUpdate(tx, audience, limit)
  if (people.length > 0) {
    await insertAutomationActions(tx, run.automation, run.id, people)
    const context = await runContext(tx, run)
    await updateRunPeople(tx, run.id, await automationActions[run.automation](tx, context, people))
  }
  if (limit > 0 && people.length === limit) return true
  const { due } = await selectDueCount(tx, audience)
  await end(tx, run, due, null)
  return false
}

/** Locks a run and the person it runs as for one batch. */
async function lockAndSelectRun(tx: Tx, runId: string): Promise<RunRow | undefined> {
  const runAs = await lockRun(tx, runId)
  if (runAs === undefined) return undefined
  await lockActors(tx, [runAs])
  return selectOptionalRun(tx, runId)
}

/**
 * Why a run must stop: the automation was turned off, or the person it runs as lost the permission. Checked before each
 * batch. (ASVS 8.3.2)
 */
function stopReason({ automation, on, author, authorActive }: RunRow): RunStop | undefined {
  if (!on) return { code: 'turned_off' }
  const needed: Permission[] = ['automations.manage', definitions[automation].permission]
  const isAllowed =
    authorActive && author.role.scope === 'company' && needed.every((each) => hasPermission(author, each))
  return isAllowed ? undefined : { code: 'not_allowed', name: author.name }
}

async function runContext(tx: Tx, { automation, id, author }: RunRow): Promise<RunContext> {
  const [{ settings }, enforce] = [
    await selectAutomation(tx, automation),
    await selectAutomation(tx, 'enforce'),
  ]
  const details = { automation: definitions[automation].name, run_id: id, acts_for: author.name }
  const age = { days: enforce.settings.days ?? 0, enforced: enforce.switchedOn }
  return { by: systemContext, author, settings, age, details }
}

async function stop(tx: Tx, run: RunRow, reason: RunStop): Promise<false> {
  if (run.scheduled && run.on) await updateSwitchedOff(tx, run.automation, null, reason)
  await end(tx, run, null, reason)
  return false
}

async function giveUp(tx: Tx, runId: string, reason: RunStop): Promise<void> {
  const run = await lockAndSelectRun(tx, runId)
  if (run && !run.ended) await end(tx, run, null, reason)
}

async function end(tx: Tx, run: RunRow, leftOver: number | null, reason: RunStop | null): Promise<void> {
  const { automation, author, scheduled } = run
  const { people } = await updateRunEnded(tx, run.id, leftOver, reason)
  const { name, resultVerb } = definitions[automation]
  const details = {
    automation: name,
    run_id: run.id,
    acts_for: author.name,
    by_hand: !scheduled,
    did: resultVerb,
    people,
    left_over: leftOver,
    ...(reason && detailsOfReason('automation_run', reason)),
  }
  record(tx, systemContext, { event: 'automation_run', details })
}
