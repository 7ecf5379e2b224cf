import { runStopTexts, type RunStop } from '../activity/reason-texts.ts'
import { counted } from '../platform/counted.ts'
import { reasonText } from '../platform/reason.ts'
import { definitions, scheduleLabel, type AutomationKey } from './definitions.ts'
import type { AutomationRow } from './queries.ts'
import type { History } from './runs/queries.ts'

/** An automation for its card and its page. `ageDays` is the age at which passwords expire. */
export function toAutomationView({ key, settings, ...row }: AutomationRow, ageDays: number) {
  const { name, icon, describe, warning } = definitions[key]
  const runs = scheduleLabel(settings)
  const stopped = row.stopReason && describeStop(row.stopReason)
  return { ...row, stopped, key, name, icon, about: describe(settings, ageDays), warning, runs, settings }
}

/** "9 people emailed, 3 left for another day" */
export function runSummary(
  key: AutomationKey,
  { people, left_over, ended_at, stop_reason }: History,
): string {
  const done = `${counted(people, 'person')} ${definitions[key].resultVerb}`
  if (ended_at === null)
    return stop_reason === null
      ? `Running: ${done} so far`
      : `${done} so far. Trying again: ${describeStop(stop_reason)}`
  const left = left_over ? `, ${left_over.toLocaleString('en')} left for another day` : ''
  return stop_reason === null ? `${done}${left}` : `${done}. Stopped: ${describeStop(stop_reason)}`
}

const describeStop = (reason: RunStop): string => `${reasonText(runStopTexts, reason)}.`
