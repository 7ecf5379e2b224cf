import type { RequestContext } from '../../access/actor.ts'
import { hasPermission } from '../../access/actor.ts'
import type { Permission } from '../../access/permissions.ts'
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
  updateRunTrouble,
  type RunRow,
} from './queries.ts'
import { selectAutomation, updateSwitchedOff } from '../queries.ts'
import { lockActors } from '../../auth/sessions/lock-users.ts'

const atOnce = 100
const systemContext: RequestContext = { actor: null, ip: null, userAgent: null, requestId: null }

export const enqueueRun = (tx: Tx, runId: string): Promise<void> =>
  enqueue(tx, 'run_automation', { runId }, { key: `automation run ${runId}` })

/**
 * Works through everybody who is due, a hundred in one transaction, until nobody is or the day's number is reached.
 * However often it is killed and begun again, each person has each occasion once. What goes wrong stands in the history;
 * after the last attempt the run is over with it.
 */
export async function runAutomation(db: Db, runId: string, isLast: boolean): Promise<void> {
  try {
    while (await db.transaction((tx) => workOn(tx, runId)));
  } catch (error) {
    log.error({ err: error, run: runId }, 'a run of an automation')
    const words = `A fault on our side, which the server’s log tells under run ${runId}.`
    if (isLast) await db.transaction((tx) => giveUp(tx, runId, words))
    else await updateRunTrouble(db, runId, words).catch(() => {})
    throw error
  }
}

/** One hundred of those who are due; says whether there may be more. */
async function workOn(tx: Tx, runId: string): Promise<boolean> {
  const run = await lockedRun(tx, runId)
  if (!run || run.ended) return false
  const why = stopReason(run)
  if (why !== undefined) return stop(tx, run, why)
  const audience = await audienceFor(tx, run.automation, run.author)
  const most = Math.min(atOnce, Math.max(0, run.room))
  const people = await selectDueForUpdate(tx, audience, most)
  if (people.length > 0) {
    await insertAutomationActions(tx, run.automation, run.id, people)
    const mailer = await runContext(tx, run)
    await updateRunPeople(tx, run.id, await automationActions[run.automation](tx, mailer, people))
  }
  if (most > 0 && people.length === most) return true
  const { due } = await selectDueCount(tx, audience)
  await end(tx, run, due, null)
  return false
}

/** A run, and whom it acts for: neither changes until this hundred is done. */
async function lockedRun(tx: Tx, runId: string): Promise<RunRow | undefined> {
  const actsFor = await lockRun(tx, runId)
  if (actsFor === undefined) return undefined
  await lockActors(tx, [actsFor])
  return selectOptionalRun(tx, runId)
}

/**
 * Why it goes no further: somebody switched it off, or whoever it acts for, who switched it on or pressed Run now, lost
 * the right since. Asked before each hundred. (ASVS 8.3.2)
 */
function stopReason({ automation, on, author, authorActive }: RunRow): string | undefined {
  if (!on) return 'It was switched off meanwhile.'
  const needed: Permission[] = ['automations.manage', definitions[automation].permission]
  const mayStill =
    authorActive && author.role.scope === 'company' && needed.every((each) => hasPermission(author, each))
  return mayStill ? undefined : `${author.name} may not do this any more.`
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

async function stop(tx: Tx, run: RunRow, because: string): Promise<false> {
  if (run.scheduled && run.on) await updateSwitchedOff(tx, run.automation, null, because)
  await end(tx, run, null, because)
  return false
}

async function giveUp(tx: Tx, runId: string, error: string): Promise<void> {
  const run = await lockedRun(tx, runId)
  if (run && !run.ended) await end(tx, run, null, error)
}

async function end(tx: Tx, run: RunRow, leftOver: number | null, fault: string | null): Promise<void> {
  const { automation, author, scheduled } = run
  const { people } = await updateRunEnded(tx, run.id, leftOver, fault)
  const { name, resultVerb: did } = definitions[automation]
  const how = { automation: name, run_id: run.id, acts_for: author.name, by_hand: !scheduled }
  const details = { ...how, did, people, left_over: leftOver, ...(fault === null ? {} : { fault }) }
  record(tx, systemContext, { event: 'automation_run', details })
}
