import type { Actor, RequestContext } from '../../access/actor.ts'
import type { Db } from '../../platform/db.ts'
import { Conflict } from '../../platform/web/errors.ts'
import { definitions, type AutomationKey } from '../definitions.ts'
import { insertRun, selectIsRunning, selectStalledRuns, selectDueAutomations } from './queries.ts'
import { lockAutomation, selectAutomation } from '../queries.ts'
import { reauthorizeAutomation } from '../reauthorize.ts'
import { enqueueRun } from './run-automation.ts'

/** Every minute: starts the runs that are due, each once, and queues jobs again for runs that have none. */
export async function startAutomations(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { key, run_as, last_turn } of await selectDueAutomations(tx)) {
      const runId = await insertRun(tx, key, run_as, last_turn)
      if (runId !== undefined) enqueueRun(tx, runId)
    }
    for (const { id } of await selectStalledRuns(tx)) enqueueRun(tx, id)
  })
}

/** Runs an automation that is on immediately, with the permissions of the actor. */
export function runNow(db: Db, by: RequestContext<Actor>, key: AutomationKey): Promise<void> {
  return db.transaction(async (tx) => {
    await lockAutomation(tx, key)
    await reauthorizeAutomation(tx, by, key)
    if (!(await selectAutomation(tx, key)).switchedOn) throw isOff(definitions[key].name)
    if (await selectIsRunning(tx, key)) throw alreadyRunning(definitions[key].name)
    const runId = await insertRun(tx, key, by.actor.id, null)
    if (runId !== undefined) enqueueRun(tx, runId)
  })
}

const isOff = (name: string) =>
  new Conflict({
    heading: `“${name}” is off`,
    message: 'It only runs when it is turned on. Nothing was done.',
    advice: 'Check its preview, then turn it on.',
  })

const alreadyRunning = (name: string) =>
  new Conflict({
    heading: `“${name}” is running`,
    message: 'It was not started a second time.',
    advice: 'Wait until it has ended. Its history shows when.',
  })
