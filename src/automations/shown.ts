import { catalogue, counted, timetable, type Key } from './catalogue.ts'
import type { AutomationRow } from './queries.ts'
import type { History } from './runs/queries.ts'

/** An automation as its card and its page show it. */
export function shownAutomation({ key, settings, ...row }: AutomationRow, ageDays: number) {
  const { name, icon, told, warning } = catalogue[key]
  const runs = timetable(settings)
  return { ...row, key, name, icon, about: told(settings, ageDays), warning, runs, settings }
}

/** "9 people emailed, 3 left for another day" */
export function outcomeOf(key: Key, { people, left_over, ended_at, error }: History): string {
  const done = `${counted(people, 'person', 'people')} ${catalogue[key].did}`
  if (ended_at === null)
    return error === null ? `Running: ${done} so far` : `${done} so far. Tries again: ${error}`
  const left = left_over ? `, ${left_over.toLocaleString('en')} left for another day` : ''
  return error === null ? `${done}${left}` : `${done}. Broke off: ${error}`
}
