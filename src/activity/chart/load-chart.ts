import type { Actor } from '../../access/actor.ts'
import type { Queryable } from '../../platform/db.ts'
import { eventTypesIn, logAddress, type LogFilter } from '../filter.ts'
import { dailyChart, type DailyChart, type Shown } from './daily-chart.ts'
import { selectDailyCounts } from './queries.ts'

/** The chart over a filter of the log, and what is to be said of it; or why there is none. */
export interface LogChart {
  chart: DailyChart | null
  note: string
}

const month = 31
const quarter = 92

/** The chart of the log. Null where it would count nothing that the filter shows. */
export async function loadLogChart(
  db: Queryable,
  actor: Actor,
  filter: LogFilter,
  timeZone: string,
): Promise<LogChart | null> {
  const shown = shownBy(filter)
  if (!shown) return null
  if (actor.role.scope !== 'company') return { chart: null, note: ofCompany }
  if (filter.actor ?? filter.about ?? filter.ip ?? filter.q) return { chart: null, note: ofAll }
  const { from, to } = filter
  const counts = await selectDailyCounts(db, { from, to, usual: 30, most: quarter }, timeZone)
  const [first] = counts
  if (!first) return null
  const href = (day: string) => logAddress('/activity-log', filter, { from: day, to: day })
  const chart = dailyChart(counts, { shown, size: counts.length > month ? 'wide' : 'long', href })
  const cut = from ? from < first.day : false
  const notes = [
    !from && !to ? 'The last 30 days.' : '',
    from && cut ? `The last ${quarter} of these days.` : '',
    !from && to ? 'The last 30 days before the end.' : '',
    first.complete ? '' : stillCounting,
  ]
  return { chart, note: notes.filter(Boolean).join(' ') }
}

/** The last two weeks, for a page of those who may see the whole log. */
export async function loadRecentChart(
  db: Queryable,
  timeZone: string,
): Promise<LogChart & { chart: DailyChart }> {
  const counts = await selectDailyCounts(db, { usual: 14, most: 14 }, timeZone)
  const shown = { signIns: true, failures: true }
  const href = (day: string) => logAddress('/activity-log', {}, { from: day, to: day })
  const note = counts.every(({ complete }) => complete) ? '' : stillCounting
  return { chart: dailyChart(counts, { shown, size: 'small', href }), note }
}

function shownBy(filter: LogFilter): Shown | null {
  const types = eventTypesIn(filter)
  const shows = (type: 'sign_in' | 'sign_in_failed') => !types || types.includes(type)
  const shown = { signIns: shows('sign_in'), failures: shows('sign_in_failed') }
  return shown.signIns || shown.failures ? shown : null
}

const ofAll = 'No chart: sign-ins are counted by day for the whole company, not by person, IP or text.'
const ofCompany = 'No chart: sign-ins are counted by day for the whole company, not by team.'
const stillCounting = 'Older entries are still being counted, so earlier days may show too few.'
