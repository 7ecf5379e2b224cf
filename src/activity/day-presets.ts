import { isoDayFromToday } from '../platform/web/dates.ts'
import { logAddress, type LogFilter } from './filter.ts'

export interface DayPreset {
  label: string
  href: string
  current: boolean
}

/** Links that narrow a filter to days until today, in the company's time zone. */
export function dayPresets(filter: LogFilter, timeZone: string): DayPreset[] {
  const day = (ago: number) => isoDayFromToday(-ago, timeZone)
  const to = day(0)
  const preset = (label: string, from: string): DayPreset => ({
    label,
    href: logAddress('/activity-log', filter, { from, to }),
    current: filter.from === from && filter.to === to,
  })
  return [
    preset('Today', to),
    preset('Last 7 days', day(6)),
    preset('Last 30 days', day(29)),
    preset('This month', `${to.slice(0, 8)}01`),
  ]
}
