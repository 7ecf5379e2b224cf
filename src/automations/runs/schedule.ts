import type { Actor, By } from '../../access/actor.ts'
import type { Db } from '../../foundation/db.ts'
import { Conflict } from '../../foundation/web/errors.ts'
import { catalogue, type Key } from '../catalogue.ts'
import { insertRun, selectIsRunning, selectRunsLeftAlone, selectWhoseTurn } from './queries.ts'
import { lockAutomation, selectAutomation } from '../queries.ts'
import { stillRuns } from '../reach.ts'
import { enqueueRun } from './run.ts'

/** Every minute: begins the runs whose turn has come, each once, and takes up those that no job works on any more. */
export async function startAutomations(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    for (const { key, acts_for, last_turn } of await selectWhoseTurn(tx)) {
      const runId = await insertRun(tx, key, acts_for, last_turn)
      if (runId !== undefined) await enqueueRun(tx, runId)
    }
    for (const { id } of await selectRunsLeftAlone(tx)) await enqueueRun(tx, id)
  })
}

/** Runs one that is on at once, with the rights of whoever asks. */
export function runNow(db: Db, by: By<Actor>, key: Key): Promise<void> {
  return db.transaction(async (tx) => {
    await lockAutomation(tx, key)
    await stillRuns(tx, by, key)
    if (!(await selectAutomation(tx, key)).switchedOn) throw isOff(catalogue[key].name)
    if (await selectIsRunning(tx, key)) throw underWay(catalogue[key].name)
    const runId = await insertRun(tx, key, by.actor.id, null)
    if (runId !== undefined) await enqueueRun(tx, runId)
  })
}

const isOff = (name: string) =>
  new Conflict({
    heading: `“${name}” is off`,
    message: 'It runs only once somebody has switched it on and said why. Nothing was done.',
    advice: 'Look at its preview, then switch it on.',
  })

const underWay = (name: string) =>
  new Conflict({
    heading: `“${name}” is running`,
    message: 'Nothing was started a second time.',
    advice: 'Wait until it has ended; its history shows when.',
  })
